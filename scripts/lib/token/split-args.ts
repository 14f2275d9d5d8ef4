/**
 * Splits a command line into arguments. Whitespace separates arguments, quotation marks group, and a backslash escapes the next
 * character, except in single quotation marks. No other character has a meaning, because no shell runs. Returns undefined for
 * an empty line or an unclosed quotation mark.
 */
export function splitArgs(line: string): readonly [string, ...string[]] | undefined {
  const words: string[] = [];
  let rest = line.trim();
  while (rest !== '') {
    const word = /^(?:[^\s"'\\]|\\[\s\S]|'[^']*'|"(?:[^"\\]|\\[\s\S])*")+(?=\s|$)/.exec(rest)?.[0];
    if (word === undefined) return undefined;
    words.push(unquote(word));
    rest = rest.slice(word.length).trimStart();
  }
  const [first, ...others] = words;
  return first === undefined ? undefined : [first, ...others];
}

const unquote = (word: string): string =>
  word.replace(
    /'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|\\([\s\S])/g,
    (_all, single?: string, double?: string, one?: string) =>
      single ?? double?.replace(/\\([\s\S])/g, '$1') ?? one ?? '',
  );

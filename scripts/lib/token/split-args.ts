/**
 * A command line as a list of arguments: blanks separate, quotes hold together, a backslash takes the next character as it is
 * (inside single quotes it is a character like any other). Nothing else means anything, for no shell is started. Undefined
 * when a quote does not end, or there is nothing.
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

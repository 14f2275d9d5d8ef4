/** The strings and brackets of a JSON text. */
const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]:]/g;

/**
 * Whether the outermost object of a well-formed JSON text has a duplicate member. JSON.parse keeps the last one, so a
 * harmless member could hide a private member of the same name.
 */
export function hasDuplicateMember(text: string): boolean {
  const names = topLevelNames(text);
  return new Set(names).size < names.length;
}

function topLevelNames(text: string): readonly unknown[] {
  const names: unknown[] = [];
  let depth = 0;
  let lastString = '""';
  for (const [token] of text.matchAll(TOKENS)) {
    if (token === '{' || token === '[') depth++;
    else if (token === '}' || token === ']') depth--;
    else if (token !== ':') lastString = token;
    else if (depth === 1) names.push(JSON.parse(lastString));
  }
  return names;
}

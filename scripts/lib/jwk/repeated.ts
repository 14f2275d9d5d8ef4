/** The strings and brackets of a JSON text. */
const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]:]/g;

/**
 * Whether the outermost object of a well-formed JSON text names a member twice. JSON.parse keeps the last one, so a
 * private member could hide behind a harmless one of the same name.
 */
export function repeatedMember(text: string): boolean {
  const names = outermostNames(text);
  return new Set(names).size < names.length;
}

function outermostNames(text: string): readonly unknown[] {
  const names: unknown[] = [];
  let depth = 0;
  let last = '""';
  for (const [token] of text.matchAll(TOKENS)) {
    if (token === '{' || token === '[') depth++;
    else if (token === '}' || token === ']') depth--;
    else if (token !== ':') last = token;
    else if (depth === 1) names.push(JSON.parse(last));
  }
  return names;
}

/** About 10 MB of memory with what was read. A fleet has much less text, because most orgs have the same components. */
const MAX_CHARACTERS = 2 ** 20;

/**
 * A function that reads a text only once. An org is read several times in a run, and orgs and files have the same texts. The result
 * must depend on nothing else, and nobody may change it.
 */
export function readOnce<T>(read: (text: string) => T): (text: string) => T {
  const results = new Map<string, T>();
  let characters = 0;
  return (text) => {
    const known = results.get(text);
    if (known !== undefined) return known;
    const result = read(text);
    characters += text.length;
    if (characters > MAX_CHARACTERS) {
      results.clear();
      characters = text.length;
    }
    results.set(text, result);
    return result;
  };
}

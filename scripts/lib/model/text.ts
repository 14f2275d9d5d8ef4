/** A number with its noun: `1 error`, `2 errors`. */
export const pluralize = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;

/** Names in a sentence: `A`, `A and B`, `A, B, and C`. */
export function joinNames(names: readonly string[], conjunction: 'and' | 'or' = 'and'): string {
  if (names.length < 3) return names.join(` ${conjunction} `);
  return `${names.slice(0, -1).join(', ')}, ${conjunction} ${names.at(-1) ?? ''}`;
}

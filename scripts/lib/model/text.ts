/** A number with its noun: `1 error`, `2 errors`. */
export const pluralize = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;

/** Names in a sentence: `A`, `A and B`, `A, B, and C`. */
export function joinNames(names: readonly string[], conjunction: 'and' | 'or' = 'and'): string {
  if (names.length < 3) return names.join(` ${conjunction} `);
  return `${names.slice(0, -1).join(', ')}, ${conjunction} ${names.at(-1) ?? ''}`;
}

const MAX_NAMES = 8;

/** Names in a sentence, of many only the first ones: `A, B, and 5 more`. */
export const joinFirstNames = (names: readonly string[]): string =>
  joinNames(names.length > MAX_NAMES ? [...names.slice(0, MAX_NAMES), `${names.length - MAX_NAMES} more`] : names);

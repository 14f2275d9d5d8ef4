import type { ParsedInput } from './parse-input';

/** Something known to go wrong, as it shows from outside. */
export interface KnownError {
  readonly name: string;
  readonly matches: (pasted: ParsedInput) => boolean;
  readonly cause: string;
  readonly fix: string;
  /** Where this is told, and how sure that is. */
  readonly source: string;
}

/** Shows by a text. */
export const matchesText =
  (...patterns: readonly RegExp[]): KnownError['matches'] =>
  ({ text }) =>
    patterns.some((pattern) => pattern.test(text));

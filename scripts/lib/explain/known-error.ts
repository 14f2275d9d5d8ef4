import type { ParsedInput } from './parse-input';

/** A known error text with its cause. */
export interface KnownError {
  readonly name: string;
  readonly matches: (input: ParsedInput) => boolean;
  readonly cause: string;
  readonly fix: string;
  /** Where the statement comes from, so that readers can judge it. */
  readonly source: string;
}

export const matchesText =
  (...patterns: readonly RegExp[]): KnownError['matches'] =>
  ({ text }) =>
    patterns.some((pattern) => pattern.test(text));

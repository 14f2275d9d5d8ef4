import type { Pasted } from './pasted';

/** Something known to go wrong, as it shows from outside. */
export interface Symptom {
  readonly name: string;
  readonly shows: (pasted: Pasted) => boolean;
  readonly cause: string;
  readonly fix: string;
  /** Where this is told, and how sure that is. */
  readonly source: string;
}

/** Shows by a text. */
export const says =
  (...patterns: readonly RegExp[]): Symptom['shows'] =>
  ({ text }) =>
    patterns.some((pattern) => pattern.test(text));

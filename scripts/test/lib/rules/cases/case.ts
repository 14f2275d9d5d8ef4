import type { Edits } from '../project';

/** A pair of projects: one breaks a rule and nothing else, the other comes close and keeps it. */
export interface RuleCase {
  readonly rule: string;
  readonly when: string;
  readonly breaks: Edits | (() => Promise<Edits>);
  /** The file the finding is in, and a text on its line; the first line that has it. */
  readonly at: readonly [file: string, text: string];
  readonly unless: string;
  readonly keeps: Edits | (() => Promise<Edits>);
}

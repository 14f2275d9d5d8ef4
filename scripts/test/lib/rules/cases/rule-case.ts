import type { Edits } from '../valid-project';

/** A pair of projects: one breaks a rule and nothing else, the other comes close and keeps it. */
export interface RuleCase {
  readonly rule: string;
  readonly violatedWhen: string;
  readonly violation: Edits | (() => Promise<Edits>);
  /** The file the finding is in, and a text on its line; the first line that has it. */
  readonly location: readonly [file: string, text: string];
  readonly validWhen: string;
  readonly valid: Edits | (() => Promise<Edits>);
}

import type { Edits } from '../valid-project';

/** Two projects: one violates only this rule, and a similar one follows it. */
export interface RuleCase {
  readonly rule: string;
  readonly violatedWhen: string;
  readonly violation: Edits | (() => Promise<Edits>);
  /** The file of the finding, and a text that first occurs on its line. */
  readonly location: readonly [file: string, text: string];
  readonly validWhen: string;
  readonly valid: Edits | (() => Promise<Edits>);
}

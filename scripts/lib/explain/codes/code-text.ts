import type { Severity } from '../../model';

/** The text of a code: its cause, an example as a command prints it, and its fix. */
export type CodeText = readonly [cause: string, example: string, fix: string];

/** The explanation of a code. The same code can be that of an error and that of a finding. */
export interface CodeExplanation {
  readonly code: string;
  /** An error ends a command or fails an org. A finding is about source, an org file, a key file, or an org. */
  readonly kind: 'error' | 'finding';
  /** Only of a rule of `check`. */
  readonly severity?: Severity;
  readonly cause: string;
  /** A text of a command with this code. */
  readonly example: string;
  readonly fix: string;
  /** Where the requirement comes from. Only of a rule of `check`. */
  readonly source?: string;
}

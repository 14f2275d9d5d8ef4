import type { Finding, TextLayout } from '../report';
import type { TrackedWork, LiveProgress } from './progress';

/** The flags that every command has. */
export interface CommonFlags {
  /** Aliases of --org. Empty means every org. */
  readonly org: readonly string[];
  readonly wave?: number;
  /** Whether the user named every org with --all. */
  readonly all?: boolean;
  readonly project: string;
  readonly json: boolean;
  /** Whether texts that apply to several orgs are printed for each of them. Only commands with --full have it. */
  readonly full?: boolean;
  /** Absolute paths of report files. Only commands with the flags have them. */
  readonly junit?: string;
  readonly markdown?: string;
  readonly html?: string;
}

/** The terminal and the clock of a command. */
export interface Context<Flags extends object = object> {
  readonly flags: CommonFlags & Flags;
  readonly layout: TextLayout;
  readonly now: Date;
  /** Whether a user can answer a question. */
  readonly interactive: boolean;
  /** Prints text to stdout, or to stderr with --json. */
  readonly print: (text: string) => void;
  /** Prints a text that contains a secret to standard output, unchanged. Only for a command whose result is a secret. */
  readonly printSecret: (text: string) => void;
  /** Prints progress to stderr. */
  readonly log: (line: string) => void;
  /** Prints findings as annotations of a pull request. Undefined outside a pipeline that shows them. */
  readonly annotate?: (findings: readonly Finding[]) => void;
  /** Draws the progress of orgs. Undefined without a terminal. Call `trackProgress` instead. */
  readonly startProgress?: (what: TrackedWork) => Promise<LiveProgress>;
  /** Prints the JSON document of --json. Prints nothing without the flag. */
  readonly printJson: (text: string) => void;
  /** Resolves when the user presses Ctrl+C, the process receives a stop signal, or npm, which started it, ended. */
  readonly untilStopped: () => Promise<void>;
  /** Asks for a text. Undefined without a terminal. An answer of only Enter is empty. */
  readonly ask?: (question: string) => Promise<string>;
  /** Asks a yes-or-no question. */
  readonly confirm: (question: string) => Promise<boolean>;
}

import type { Finding, TextLayout } from '../report';
import type { TrackedWork, LiveProgress } from './progress';

/** What every command is told by its flags. */
export interface CommonFlags {
  /** Aliases of --org; empty means every org. */
  readonly org: readonly string[];
  readonly wave?: number;
  /** Whether the user named every org with --all. */
  readonly all?: boolean;
  readonly project: string;
  readonly json: boolean;
  /** Files for reports, absolute; only of commands that have the flags. */
  readonly junit?: string;
  readonly markdown?: string;
  readonly html?: string;
}

/** What a command may do with the world outside orgs and files: show text, ask, and know the time. */
export interface Context<Flags extends object = object> {
  readonly flags: CommonFlags & Flags;
  readonly layout: TextLayout;
  readonly now: Date;
  /** Whether a person can answer. */
  readonly interactive: boolean;
  /** Shows text: on standard output, or on standard error when that belongs to JSON. */
  readonly print: (text: string) => void;
  /** Prints a text that contains a secret to standard output, unchanged. Only for a command whose result is a secret. */
  readonly printSecret: (text: string) => void;
  /** Tells how far things are, on standard error. */
  readonly log: (line: string) => void;
  /** Puts findings beside the lines of a pull request; only where a pipeline shows them there. */
  readonly annotate?: (findings: readonly Finding[]) => void;
  /** Draws how far orgs are; only where a person watches a terminal. Use `follow`. */
  readonly startProgress?: (what: TrackedWork) => Promise<LiveProgress>;
  /** Prints the one JSON document of --json; nothing without that flag. */
  readonly printJson: (text: string) => void;
  /** Resolves when the user ends the command (Ctrl+C), or its process is asked to end. */
  readonly untilStopped: () => Promise<void>;
  /** Asks a yes-or-no question; no without a person. */
  readonly confirm: (question: string) => Promise<boolean>;
}

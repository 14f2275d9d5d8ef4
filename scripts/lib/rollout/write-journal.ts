import { randomBytes } from 'node:crypto';
import { fsyncSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { syncFolder } from '../files';

/** One line of a journal. Never a token, a key or a login. */
export interface JournalEntry {
  readonly org: string;
  readonly step: string;
  readonly detail?: string;
  /** Before a submission: the deployments that the org knew already; null when it does not tell. */
  readonly known?: readonly string[] | null;
}

/** What a run is about. A run that is gone on with says so anew. */
export interface RunHeader {
  readonly command: string;
  /** What the plans were made from. */
  readonly from: 'project' | 'plan' | 'snapshots';
  /** When the sealed plan was made, which names it. */
  readonly sealed?: string;
  readonly orgs: readonly JournalPlanEntry[];
}

/** One org of a run, as it was planned. */
export interface JournalPlanEntry {
  readonly alias: string;
  readonly orgId: string;
  /** One fingerprint for each change of the plan. */
  readonly changes: readonly string[];
  /** Deployments that are to be published. */
  readonly publish: readonly string[];
}

/** The journal of one run: what was done where, each line on disk before the next step is taken. */
export interface Journal {
  readonly folder: string;
  begin(head: RunHeader): void;
  write(entry: JournalEntry): void;
}

export const JOURNAL_FILE = 'journal.ndjson';

/**
 * Starts the journal of a run in `<runs>/<UTC time>-<something unique>/journal.ndjson`; the folder is made at the first line.
 */
export const createJournal = (runs: string, now: Date): Journal =>
  appendToJournal(join(runs, `${now.toISOString().replace(/[:.]/g, '-')}-${randomBytes(3).toString('hex')}`));

/** Goes on with the journal in a folder. */
export function appendToJournal(folder: string): Journal {
  let file: number | undefined;
  const append = (line: object): void => {
    file ??= openJournalFile(folder);
    // In one piece: of a run that is killed the last line may be cut, but no line in the middle.
    writeSync(file, `${JSON.stringify({ at: new Date().toISOString(), ...line })}\n`);
    fsyncSync(file);
  };
  return { folder, begin: (run) => append({ run }), write: append };
}

function openJournalFile(folder: string): number {
  mkdirSync(folder, { recursive: true });
  const file = openSync(join(folder, JOURNAL_FILE), 'a', 0o600);
  // What a killed run left of a line must not swallow the first line of the next one.
  writeSync(file, '\n');
  syncFolder(folder);
  return file;
}

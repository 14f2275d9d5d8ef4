import { randomBytes } from 'node:crypto';
import { fsyncSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { syncFolder } from '../files';

/** One line of a journal. It never contains a token, a key or a login. */
export interface JournalEntry {
  readonly org: string;
  readonly step: string;
  readonly detail?: string;
  /** Before a submission: IDs of the deploy jobs that the org listed; null if it doesn't list them. */
  readonly known?: readonly string[] | null;
}

/** The plans of a run. A resumed run adds another header. */
export interface RunHeader {
  readonly command: string;
  /** The source of the plans. */
  readonly from: 'project' | 'plan' | 'snapshots';
  /** The creation time of the saved plan, which identifies it. */
  readonly sealed?: string;
  readonly orgs: readonly JournalPlanEntry[];
}

/** The plan of one org of a run. */
export interface JournalPlanEntry {
  readonly alias: string;
  readonly orgId: string;
  /** The fingerprint of each change of the plan. */
  readonly changes: readonly string[];
  /** Developer names of the chat deployments to publish. */
  readonly publish: readonly string[];
}

/** The journal of one run. Each line is on disk before the next step starts. All methods throw the error of the file system. */
export interface Journal {
  readonly folder: string;
  begin(header: RunHeader): void;
  write(entry: JournalEntry): void;
}

export const JOURNAL_FILE = 'journal.ndjson';

/** Creates the journal of a new run: `<runs>/<run ID>/journal.ndjson`. The folder is created with the first line. */
export const createJournal = (runs: string, now: Date): Journal =>
  appendToJournal(join(runs, `${now.toISOString().replace(/[:.]/g, '-')}-${randomBytes(3).toString('hex')}`));

/** Continues the journal in a folder. */
export function appendToJournal(folder: string): Journal {
  let file: number | undefined;
  const append = (line: object): void => {
    file ??= openJournalFile(folder);
    // A killed run can truncate its last line, but no line before it.
    writeFileSync(file, `${JSON.stringify({ at: new Date().toISOString(), ...line })}\n`);
    fsyncSync(file);
  };
  return { folder, begin: (header) => append({ run: header }), write: append };
}

function openJournalFile(folder: string): number {
  mkdirSync(folder, { recursive: true });
  const file = openSync(join(folder, JOURNAL_FILE), 'a', 0o600);
  // The first line must not be appended to a truncated line of a killed run.
  writeFileSync(file, '\n');
  syncFolder(folder);
  return file;
}

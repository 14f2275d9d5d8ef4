import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { syncFolder, withPath } from '../files';
import { currentProcess } from '../org';
import { JOURNAL_FILE, readRuns, type RunHeader, type RunOrder } from './read-journal';
import { findRemainingWork } from './remaining-work';

/** One line of a journal. It never contains a token, a key or a login. */
export interface JournalEntry {
  readonly org: string;
  readonly step: string;
  readonly detail?: string;
  /**
   * Before a submission: IDs of the deploy jobs that the org listed. Before a publication: those whose effects it includes. Null
   * if the org doesn't list them.
   */
  readonly known?: readonly string[] | null;
}

/** The journal of one run. Each line is on disk before the next step starts. All methods throw the error of the file system. */
export interface Journal {
  readonly folder: string;
  begin(header: RunHeader): void;
  write(entry: JournalEntry): void;
}

/** Creates the journal of a new run: `<runs>/<run ID>/journal.ndjson`. The folder is created with the first line. */
export const createJournal = (runs: string, now: Date): Journal =>
  appendToJournal(join(runs, `${now.toISOString().replace(/[:.]/g, '-')}-${randomBytes(3).toString('hex')}`));

/** Continues the journal in a folder. */
export function appendToJournal(folder: string): Journal {
  let file: number | undefined;
  const append = (line: object): void => {
    try {
      file ??= openJournalFile(folder);
      // A killed run can truncate its last line, but no line before it.
      writeFileSync(file, `${JSON.stringify({ at: new Date().toISOString(), ...line })}\n`);
      fsyncSync(file);
    } catch (thrown) {
      // A full disk can truncate the line. The next one starts on a line of its own.
      if (file !== undefined) closeSync(file);
      file = undefined;
      throw withPath(thrown, join(folder, JOURNAL_FILE));
    }
  };
  return {
    folder,
    begin: (header) => append({ run: { ...header, ...runOrder(folder), process: currentProcess() } }),
    write: append,
  };
}

/** The position of a plan that is made now, among all runs next to its run. */
function runOrder(folder: string): RunOrder {
  const { runs } = readRuns(dirname(folder));
  const incomplete = new Set(findRemainingWork(runs).map(({ run }) => run));
  incomplete.forEach((run) => basename(run.folder) === basename(folder) && incomplete.delete(run));
  return {
    sequence: (runs.at(-1)?.sequence ?? 0) + 1,
    seen: Object.fromEntries([...incomplete].map((run) => [basename(run.folder), run.lines])),
  };
}

function openJournalFile(folder: string): number {
  mkdirSync(folder, { recursive: true });
  const file = openSync(join(folder, JOURNAL_FILE), 'a', 0o600);
  // The first line must not be appended to a truncated line of a killed run.
  writeFileSync(file, '\n');
  syncFolder(folder);
  return file;
}

import { fsyncSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** One line of a journal. Never a token, a key or a login. */
export interface Entry {
  readonly org: string;
  readonly step: string;
  readonly detail?: string;
}

/** The journal of one run: what was done where, each line on disk before the next step is taken. */
export interface Journal {
  readonly folder: string;
  write(entry: Entry): void;
}

/** Starts the journal of a run in `<runs>/<UTC time>/journal.ndjson`; the folder is made at the first line. */
export function openJournal(runs: string, now: Date): Journal {
  const folder = join(runs, now.toISOString().replace(/[:.]/g, '-'));
  let file: number | undefined;
  return {
    folder,
    write(entry) {
      file ??= create(folder);
      writeSync(file, `${JSON.stringify({ at: new Date().toISOString(), ...entry })}\n`);
      fsyncSync(file);
    },
  };
}

function create(folder: string): number {
  mkdirSync(folder, { recursive: true });
  return openSync(join(folder, 'journal.ndjson'), 'a', 0o600);
}

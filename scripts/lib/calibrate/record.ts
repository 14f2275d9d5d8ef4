import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writeAtomic } from '../files';
import { PREFIX } from './prefix';

const recordSchema = z.object({ components: z.array(z.string()) });

/** The names of what a run created in one org, on disk before it is created. */
export interface CreationRecord {
  /** Keys such as `MessagingChannel:Calibrate_Channel`; none if there is no record. */
  readonly components: () => readonly string[];
  /** Adds components before they are created. Throws the error of the file system. */
  readonly add: (keys: readonly string[]) => void;
  /** Removes the record after everything was deleted. */
  readonly remove: () => void;
}

/** The record of an org in the folder of the run journals. Only names with the prefix of calibrate are read from it. */
export function openRecord(runs: string, orgId: string): CreationRecord {
  const file = join(runs, `calibrate-${orgId.slice(0, 15)}.json`);
  const components = (): readonly string[] => readRecord(file).filter((key) => key.includes(`:${PREFIX}`));
  return {
    components,
    add: (keys) => {
      const all = [...new Set([...components(), ...keys])];
      if (all.length > components().length) writeAtomic(file, `${JSON.stringify({ components: all }, null, 2)}\n`);
    },
    remove: () => rmSync(file, { force: true }),
  };
}

function readRecord(file: string): readonly string[] {
  try {
    return recordSchema.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data?.components ?? [];
  } catch {
    // A missing record is the usual case. The org itself lists what a damaged one contained.
    return [];
  }
}

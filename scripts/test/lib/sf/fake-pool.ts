import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Sf, type CliWorkerPool } from '../../../lib/sf';
import { pack } from '../../../lib/sf/archive';
import type { Lane } from '../../../lib/sf/worker-pool';

/** One command that reached the pool. */
export interface PoolCall {
  readonly lane: Lane;
  readonly command: string;
  readonly argv: readonly string[];
  readonly timeout: number;
}

/** The response of the CLI to a command: its result, or the error that it threw. */
export type PoolResponse =
  { readonly result: unknown } | { readonly error: { readonly name: string; readonly message: string } };

/** An `Sf` whose pool runs no process: it records each command and returns the next response, the last one repeatedly. */
export function fakePool(...responses: readonly PoolResponse[]): {
  readonly sf: Sf;
  readonly calls: PoolCall[];
  readonly folder: string;
} {
  const calls: PoolCall[] = [];
  const home = mkdtempSync(join(tmpdir(), 'pool-'));
  const folder = join(home, 'files');
  mkdirSync(folder);
  const run = (lane: Lane, command: string, argv: readonly string[], timeout: number) => {
    calls.push({ lane, command, argv, timeout });
    const response = responses[Math.min(calls.length, responses.length) - 1];
    if (!response) throw new Error('The test has no response.');
    return Promise.resolve(
      'error' in response ? { id: 1, error: { cause: '', data: null, ...response.error } } : { id: 1, ...response },
    );
  };
  const pool = { home, createFolder: () => folder, run };
  return { sf: new Sf(pool as unknown as CliWorkerPool, '67.0'), calls, folder };
}

/** Writes the archive of a retrieve, as the CLI does. */
export const writeArchive = (folder: string, files: Readonly<Record<string, string>>): void =>
  writeFileSync(join(folder, 'org.zip'), pack(new Map(Object.entries(files))));

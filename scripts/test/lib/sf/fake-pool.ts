import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Sf, type CliWorkerPool } from '../../../lib/sf';
import { pack } from '../../../lib/sf/archive';
import type { PinnedLogin, ReadLogin } from '../../../lib/sf/protocol';
import type { Lane } from '../../../lib/sf/worker-pool';

/** One command that reached the pool. */
export interface PoolCall {
  readonly lane: Lane;
  readonly command: string;
  readonly argv: readonly string[];
  readonly timeout: number;
  readonly login: PinnedLogin | undefined;
}

/** The login of every alias in the login store of a fake pool, until a test changes it. */
export const loginFor = (alias: string): PinnedLogin => ({
  username: `admin@${alias}.example`,
  instanceUrl: `https://${alias}.my.salesforce.com`,
  orgId: '00D000000000001EAA',
});

/** The response of the CLI to a command: its result, or the error that it threw. */
export type PoolResponse =
  { readonly result: unknown } | { readonly error: { readonly name: string; readonly message: string } };

interface FakePool {
  readonly sf: Sf;
  /** The commands of the CLI. */
  readonly calls: PoolCall[];
  /** The aliases that were looked up in the login store. */
  readonly lookups: string[];
  readonly folder: string;
}

/** An `Sf` whose pool runs no process: it records each command and returns the next response, the last one repeatedly. */
export function fakePool(...responses: readonly PoolResponse[]): FakePool {
  const lookups: string[] = [];
  const calls: PoolCall[] = [];
  const home = mkdtempSync(join(tmpdir(), 'pool-'));
  const folder = join(home, 'files');
  mkdirSync(folder);
  const run = (lane: Lane, command: string, argv: readonly string[], timeout: number, login?: PinnedLogin) => {
    if (command === ('worker:login' satisfies ReadLogin)) {
      lookups.push(String(argv[0]));
      return Promise.resolve({ id: 1, result: loginFor(String(argv[0])) });
    }
    calls.push({ lane, command, argv, timeout, login });
    const response = responses[Math.min(calls.length, responses.length) - 1];
    if (!response) throw new Error('The test has no response.');
    return Promise.resolve(
      'error' in response ? { id: 1, error: { cause: '', data: null, ...response.error } } : { id: 1, ...response },
    );
  };
  const pool = { home, createFolder: () => folder, run };
  return { sf: new Sf(pool as unknown as CliWorkerPool, '67.0'), calls, lookups, folder };
}

/** Writes the archive of a retrieve, as the CLI does. */
export const writeArchive = (folder: string, files: Readonly<Record<string, string>>): void =>
  writeFileSync(join(folder, 'org.zip'), pack(new Map(Object.entries(files))));

import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { CliWorkerPool, Sf } from '../../lib/sf';
import type { LocalOrg } from '../../local-org/index';

/** Resources that all tests of a file share: a folder, a login store, a login key, and the real CLI. */
export interface Workspace {
  readonly folder: string;
  readonly home: string;
  readonly loginKey: KeyObject;
  readonly loginKeyFile: string;
  readonly workers: CliWorkerPool;
  logIn(org: LocalOrg): Promise<void>;
  /** Runs `end` after the tests of the file, also if they fail. */
  onCleanup(end: () => Promise<void>): void;
}

/**
 * Creates a workspace that is removed after the tests of the file. Call it once at the top of a test file. The CLI
 * caches logins, so all orgs of a workspace are logged in by its own pool.
 */
export function createWorkspace(): Workspace {
  const folder = mkdtempSync(join(tmpdir(), 'commands-'));
  const home = join(folder, 'home');
  mkdirSync(home);
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const loginKeyFile = join(folder, 'login.key');
  writeFileSync(loginKeyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  const workers = new CliWorkerPool({ home, size: 1 });
  const sf = new Sf(workers, '67.0');
  const cleanups: (() => Promise<void>)[] = [];
  after(async () => {
    await Promise.all([workers.stop(), ...cleanups.map((end) => end())]);
    rmSync(folder, { recursive: true });
  });
  const logIn = ({ alias, username, clientId, url }: LocalOrg): Promise<void> =>
    sf.login({ alias, username, clientId, url, keyFile: loginKeyFile });
  return {
    folder,
    home,
    loginKey: publicKey,
    loginKeyFile,
    workers,
    logIn,
    onCleanup: (end) => void cleanups.push(end),
  };
}

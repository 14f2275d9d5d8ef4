import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { CliWorkerPool, Sf } from '../../lib/sf';
import type { LocalOrg } from '../../local-org/index';

/** A login store, a login key, and the real CLI. */
interface Machine {
  readonly home: string;
  readonly loginKey: KeyObject;
  readonly loginKeyFile: string;
  readonly workers: CliWorkerPool;
  logIn(org: LocalOrg): Promise<void>;
}

/** Resources that all tests of a file share: a folder and a machine. */
export interface Workspace extends Machine {
  readonly folder: string;
  /** Runs `end` after the tests of the file, also if they fail. */
  onCleanup(end: () => Promise<void>): void;
}

/**
 * Creates a workspace that is removed after the tests of the file. Call it once at the top of a test file. The CLI
 * caches logins, so all orgs of a workspace are logged in by its own pool.
 */
export function createWorkspace(): Workspace {
  const folder = temporaryFolder();
  const machine = createMachine(folder);
  return removedAfterTests(folder, machine, () => machine.workers.stop());
}

/** The machine of all shared workspaces in this process, and the number of files that still need it. */
const shared: { folder: string; machine?: Machine; users: number } = { folder: '', users: 0 };

/**
 * Creates a workspace like `createWorkspace`, but files that run in the same process share its machine: to start the CLI takes a
 * second of processor time. For files that only run commands: the login store contains the logins of other files, whose orgs
 * have stopped.
 */
export function shareWorkspace(): Workspace {
  if (!shared.machine) {
    shared.folder = temporaryFolder();
    shared.machine = createMachine(shared.folder);
  }
  shared.users++;
  return removedAfterTests(temporaryFolder(), shared.machine, releaseSharedMachine);
}

async function releaseSharedMachine(): Promise<void> {
  if (--shared.users > 0) return;
  await shared.machine?.workers.stop();
  rmSync(shared.folder, { recursive: true });
  delete shared.machine;
}

const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), 'commands-'));

function createMachine(folder: string): Machine {
  const home = join(folder, 'home');
  mkdirSync(home);
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const loginKeyFile = join(folder, 'login.key');
  writeFileSync(loginKeyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  const workers = new CliWorkerPool({ home, size: 1 });
  const sf = new Sf(workers, '67.0');
  const logIn = ({ alias, username, clientId, url }: LocalOrg): Promise<void> =>
    sf.login({ alias, username, clientId, url, keyFile: loginKeyFile });
  return { home, loginKey: publicKey, loginKeyFile, workers, logIn };
}

/** Ends the machine and all resources of the tests, and removes the folder. */
function removedAfterTests(folder: string, machine: Machine, endMachine: () => Promise<void>): Workspace {
  const cleanups: (() => Promise<void>)[] = [];
  after(async () => {
    await Promise.all([endMachine(), ...cleanups.map((end) => end())]);
    rmSync(folder, { recursive: true });
  });
  return { ...machine, folder, onCleanup: (end) => void cleanups.push(end) };
}

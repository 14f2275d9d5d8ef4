import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { startLocalOrg, type Latency, type LocalOrg, type OrgKind, type ChatApiSettings, type SeedFile } from './index';

/** Several local orgs in one process, each with a fixed port. */
export interface LocalOrgs {
  readonly orgs: readonly LocalOrg[];
  /** The private key that logs in to all of them: a file that only this user can read. */
  readonly loginKeyFile: string;
  close(): Promise<void>;
}

export interface LocalOrgsOptions {
  readonly orgs: readonly { readonly alias: string; readonly kind: OrgKind }[];
  /** Holds the state of each org, their ports and the login key. */
  readonly folder: string;
  readonly latency?: Latency;
  readonly chatApi?: Partial<ChatApiSettings>;
  /** What goes wrong, as parseFaults reads it. */
  readonly faults?: string;
  /** Whether a port may be another one the next time, for orgs that nobody comes back to. */
  readonly anyPort?: boolean;
}

const FIRST_PORT = 8701;

/**
 * Starts orgs whose state survives in a folder. Each keeps its port, because the CLI stores the address of a login. A
 * production org that starts for the first time already has channels that someone else configured.
 */
export async function startLocalOrgs({ orgs, folder, anyPort, ...settings }: LocalOrgsOptions): Promise<LocalOrgs> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const loginKeyFile = join(folder, 'login.key');
  const loginKey = loadOrCreateLoginKey(loginKeyFile);
  const started: LocalOrg[] = [];
  const close = async (): Promise<void> => void (await Promise.all(started.map((org) => org.close())));
  try {
    for (const { alias, kind } of orgs) {
      const port = anyPort ? 0 : await assignPort(folder, alias);
      const stateFile = join(folder, `${alias}.json`);
      const seed = kind === 'production' ? loadSeed('production') : [];
      started.push(await startLocalOrg({ alias, kind, port, stateFile, loginKey, seed, ...settings }));
    }
  } catch (failed) {
    await close();
    throw failed;
  }
  return { orgs: started, loginKeyFile, close };
}

/** The key is made on the first start; its public half is all that the orgs get. */
function loadOrCreateLoginKey(file: string): string {
  if (!existsSync(file)) {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  }
  return createPublicKey(readFileSync(file)).export({ type: 'spki', format: 'pem' }).toString();
}

/** The port of an org: the one it had before, else the next one that nobody listens on. */
async function assignPort(folder: string, alias: string): Promise<number> {
  const file = join(folder, 'ports.json');
  const ports = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, number>) : {};
  const previous = ports[alias];
  if (previous !== undefined) return previous;
  let port = Math.max(FIRST_PORT - 1, ...Object.values(ports)) + 1;
  while (!(await isFree(port))) port++;
  writeFileSync(file, `${JSON.stringify({ ...ports, [alias]: port }, null, 2)}\n`);
  return port;
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });

/** The metadata below a seed folder; its channels are active. */
export function loadSeed(name: string): readonly SeedFile[] {
  const folder = join(__dirname, 'seed', name);
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const active = entry.name.endsWith('.messagingChannel') ? { active: true } : {};
      return {
        path: path.slice(folder.length + 1).replaceAll('\\', '/'),
        content: readFileSync(path, 'utf8'),
        ...active,
      };
    });
}

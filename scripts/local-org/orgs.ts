import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import {
  startLocalOrg,
  type AnswersByQuestion,
  type Latency,
  type LocalOrg,
  type AgentRouting,
  type OmittedItems,
  type OrgKind,
  type ChatApiSettings,
  type SeedFile,
  type TrafficSettings,
  type WebDeploymentSettings,
} from './index';

/** Several local orgs in one process, each with a fixed port. */
export interface LocalOrgs {
  readonly orgs: readonly LocalOrg[];
  /** The file of the private key for the logins to all orgs. Only the current user can read it. */
  readonly loginKeyFile: string;
  close(): Promise<void>;
}

export interface LocalOrgsOptions {
  readonly orgs: readonly { readonly alias: string; readonly kind: OrgKind }[];
  /** Contains the state of each org, the ports, and the login key. */
  readonly folder: string;
  readonly latency?: Latency;
  readonly chatApi?: Partial<ChatApiSettings>;
  readonly webDeployments?: Partial<WebDeploymentSettings>;
  readonly omittedItems?: OmittedItems;
  readonly agentRouting?: AgentRouting;
  /** Whether sandboxes track changes to their metadata. */
  readonly sourceTracking?: boolean;
  /** Answers to open questions about Salesforce, such as those of an evidence file. */
  readonly answers?: AnswersByQuestion;
  /** The faults to inject, in the format of parseFaults. */
  readonly faults?: string;
  /** The chats that customers have without a client. */
  readonly traffic?: TrafficSettings;
  /** Receives a line for each request that a local org doesn't support. */
  readonly onUnsupported?: (line: string) => void;
  /** Whether to use any free port instead of a fixed one, for orgs that aren't started again. */
  readonly anyPort?: boolean;
}

const FIRST_PORT = 8701;

/**
 * Starts orgs whose state is stored in a folder. Each org keeps its port, because the CLI stores the URL of a login. At its
 * first start, a production org contains the channels of the seed.
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
  } catch (error) {
    await close();
    throw error;
  }
  return { orgs: started, loginKeyFile, close };
}

/** Returns the public key. The first call creates the key pair. */
function loadOrCreateLoginKey(file: string): string {
  if (!existsSync(file)) {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  }
  return createPublicKey(readFileSync(file)).export({ type: 'spki', format: 'pem' }).toString();
}

/** Returns the previous port of an org, or the next free one. */
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

/** Reads the metadata in a seed folder. Its channels are active. */
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

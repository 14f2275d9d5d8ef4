import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from '../lib/cli';
import { EXIT } from '../lib/errors';
import { runDeploy, type DeployFlags } from '../lib/commands/deploy';
import { channelConnections, type ChannelConnection } from '../lib/client-kit/channel-connection';
import { readOrgFacts } from '../lib/client-kit/org-facts';
import { loadProject } from '../lib/project';
import { Sf, type CliWorkerPool } from '../lib/sf';
import { startLocalOrg, type LocalOrg } from '../local-org/index';
import { replyTo } from './customers';
import { CHANNEL, UNVERIFIED_CHANNEL, writeProject, type SigningKey } from './demo-project';

export interface ShopOrgOptions {
  readonly workers: CliWorkerPool;
  /** The folder of the project copy, the login store and the login key. The caller deletes it. */
  readonly folder: string;
  /** The project to deploy a copy of. */
  readonly project: string;
  readonly port: number;
  readonly now: () => Date;
}

/** The channels with their Web chat deployments, as client-kit reads them. */
export interface ShopConnections {
  /** The channel of the shop. */
  readonly connection: ChannelConnection;
  /** The channel for unverified users. */
  readonly unverifiedConnection: ChannelConnection | undefined;
}

export interface ShopOrg extends ShopConnections {
  readonly org: LocalOrg;
  readonly key: SigningKey;
}

/** Starts a local org and deploys the project to it with the real CLI. */
export async function startShopOrg({ workers, folder, project, port, now }: ShopOrgOptions): Promise<ShopOrg> {
  const keyFile = join(folder, 'login.key');
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  writeFileSync(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  const org = await startLocalOrg({ alias: 'shop', kind: 'sandbox', port, loginKey: publicKey, now, reply: replyTo });
  try {
    const { alias, username, clientId, url } = org;
    const sf = new Sf(workers, '67.0');
    await sf.login({ alias, username, clientId, url, keyFile });
    const copy = join(folder, 'project');
    mkdirSync(copy, { recursive: true });
    const key = await writeProject(project, copy, org.orgId);
    await deploy(workers, copy);
    return { org, key, ...(await readConnections(sf, copy, now())) };
  } catch (thrown) {
    await org.close();
    throw thrown;
  }
}

async function readConnections(sf: Sf, project: string, now: Date): Promise<ShopConnections> {
  for (const desired of loadProject(project, { orgs: [] }, now).orgs) {
    const connections = channelConnections(desired, await readOrgFacts(sf, desired));
    const [connection, unverifiedConnection] = [CHANNEL, UNVERIFIED_CHANNEL].map((name) =>
      connections.find(({ channel }) => channel === name),
    );
    if (connection) return { connection, unverifiedConnection };
  }
  throw new Error(`The project of the demo has no channel ${CHANNEL}.`);
}

async function deploy(workers: CliWorkerPool, project: string): Promise<void> {
  const output: string[] = [];
  const exit = await runDeploy(silentContext(project, output), workers);
  if (exit !== EXIT.done) throw new Error(`The deploy of the demo ended with exit code ${exit}:\n${output.join('\n')}`);
}

/** The context of a deploy whose output is printed only if it fails. */
function silentContext(project: string, output: string[]): Context<DeployFlags> {
  return {
    flags: { org: [], json: false, project, accept: ['disruptive'], concurrency: 1 },
    layout: { columns: 120, color: false },
    now: new Date(),
    interactive: false,
    print: (text) => void output.push(text),
    log: () => undefined,
    printJson: () => undefined,
    printSecret: () => undefined,
    untilStopped: () => new Promise(() => undefined),
    confirm: () => Promise.resolve(false),
  };
}

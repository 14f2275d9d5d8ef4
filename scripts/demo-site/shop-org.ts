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
import { CHANNEL, writeProject, type SigningKey } from './demo-project';

export interface ShopOrgOptions {
  readonly workers: CliWorkerPool;
  /** The folder of the project copy, the login store and the login key. The caller deletes it. */
  readonly folder: string;
  /** The project to deploy a copy of. */
  readonly project: string;
  readonly port: number;
  readonly now: () => Date;
}

export interface ShopOrg {
  readonly org: LocalOrg;
  readonly key: SigningKey;
  /** The channel of the shop with its Web chat deployment, as client-kit reads it. */
  readonly connection: ChannelConnection;
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
    return { org, key, connection: await readConnection(sf, copy, now()) };
  } catch (thrown) {
    await org.close();
    throw thrown;
  }
}

async function readConnection(sf: Sf, project: string, now: Date): Promise<ChannelConnection> {
  for (const desired of loadProject(project, { orgs: [] }, now).orgs) {
    const connections = channelConnections(desired, await readOrgFacts(sf, desired));
    const connection = connections.find(({ channel }) => channel === CHANNEL);
    if (connection) return connection;
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

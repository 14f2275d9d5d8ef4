import { fork } from 'node:child_process';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CliWorkerPool, Sf } from '../lib/sf';
import type { LocalOrg } from '../local-org/index';

type BenchOrg = Pick<LocalOrg, 'alias' | 'orgId' | 'username' | 'clientId' | 'url'>;

/** New local orgs, and a project with their org files and a login store. */
export interface BenchFleet {
  readonly folder: string;
  readonly project: string;
  readonly home: string;
  readonly orgs: readonly BenchOrg[];
  stop(): Promise<void>;
}

/** The plain sf CLI, which the benchmark compares with, can't create a chat deployment of type Web. */
const isNoWebDeployment = (path: string): boolean => !path.endsWith('_Site.EmbeddedServiceConfig-meta.xml');

/** Starts new orgs in one process, logs the CLI in to them, and writes a copy of this project with an org file for each. */
export async function startFleet(root: string, size: number, latency: string): Promise<BenchFleet> {
  const folder = mkdtempSync(join(tmpdir(), 'user-verification-bench-'));
  const [project, home] = [join(folder, 'project'), join(folder, 'home')];
  mkdirSync(join(project, 'config/orgs'), { recursive: true });
  mkdirSync(home);
  for (const folder of ['force-app', 'member-site'])
    cpSync(join(root, folder), join(project, folder), { recursive: true, filter: isNoWebDeployment });
  cpSync(join(root, 'sfdx-project.json'), join(project, 'sfdx-project.json'));
  const keyFile = join(home, 'login.key');
  const loader = ['-r', join(root, '.config/ts-node.cjs')];
  const child = fork(join(__dirname, 'fleet-process.ts'), [String(size), createLoginKey(keyFile), latency], {
    execArgv: loader,
  });
  const [orgs] = (await once(child, 'message')) as [readonly BenchOrg[]];
  orgs.forEach((org) => writeFileSync(join(project, `config/orgs/${org.alias}.json`), orgFile(org)));
  await logIn(orgs, home, keyFile);
  const stop = async (): Promise<void> => {
    child.disconnect();
    await once(child, 'exit');
    rmSync(folder, { recursive: true, force: true });
  };
  return { folder, project, home, orgs, stop };
}

const orgFile = ({ orgId }: BenchOrg): string =>
  JSON.stringify({ orgId, kind: 'sandbox', channels: ['Web_Chat', 'Mobile_Chat', 'Guest_Web_Chat'] });

/** Creates a login key pair; returns the file of the public key. */
function createLoginKey(file: string): string {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = (key: KeyObject, type: 'pkcs8' | 'spki'): string => key.export({ type, format: 'pem' }).toString();
  writeFileSync(file, pem(privateKey, 'pkcs8'), { mode: 0o600 });
  writeFileSync(`${file}.pub`, pem(publicKey, 'spki'));
  return `${file}.pub`;
}

async function logIn(orgs: readonly BenchOrg[], home: string, keyFile: string): Promise<void> {
  const workers = new CliWorkerPool({ home, size: 1 });
  try {
    const sf = new Sf(workers, '67.0');
    for (const { alias, username, clientId, url } of orgs) await sf.login({ alias, username, clientId, url, keyFile });
  } finally {
    await workers.stop();
  }
}

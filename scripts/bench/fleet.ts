import { generateKeyPairSync } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HostPool, Sf } from '../lib/sf';
import { startLocalOrg, type Latency, type LocalOrg } from '../local-org/index';

/** A project for a number of fresh local orgs, with a login store of its own. */
export interface BenchFleet {
  readonly folder: string;
  readonly project: string;
  readonly home: string;
  readonly orgs: readonly LocalOrg[];
  end(): Promise<void>;
}

/** Starts fresh orgs, logs the CLI in to them, and writes a copy of this project with an org file for each. */
export async function startFleet(root: string, size: number, latency: Latency): Promise<BenchFleet> {
  const folder = mkdtempSync(join(tmpdir(), 'user-verification-bench-'));
  const [project, home] = [join(folder, 'project'), join(folder, 'home')];
  mkdirSync(join(project, 'config/orgs'), { recursive: true });
  mkdirSync(home);
  cpSync(join(root, 'force-app'), join(project, 'force-app'), { recursive: true });
  cpSync(join(root, 'sfdx-project.json'), join(project, 'sfdx-project.json'));
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const keyFile = join(home, 'login.key');
  writeFileSync(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  const aliases = Array.from({ length: size }, (_, index) => `org${index + 1}`);
  const orgs = await Promise.all(
    aliases.map((alias) => startLocalOrg({ alias, kind: 'sandbox', port: 0, loginKey: publicKey, latency })),
  );
  orgs.forEach((org) => writeFileSync(join(project, `config/orgs/${org.alias}.json`), orgFile(org)));
  await logIn(orgs, home, keyFile);
  const end = async (): Promise<void> => {
    await Promise.all(orgs.map((org) => org.close()));
    rmSync(folder, { recursive: true, force: true });
  };
  return { folder, project, home, orgs, end };
}

const orgFile = ({ orgId }: LocalOrg): string =>
  JSON.stringify({ orgId, kind: 'sandbox', channels: ['Web_Chat', 'Mobile_Chat', 'Guest_Web_Chat'] });

async function logIn(orgs: readonly LocalOrg[], home: string, keyFile: string): Promise<void> {
  const hosts = new HostPool({ home, size: 1 });
  try {
    const sf = new Sf(hosts, '67.0');
    for (const { alias, username, clientId, url } of orgs) await sf.login({ alias, username, clientId, url, keyFile });
  } finally {
    await hosts.stop();
  }
}

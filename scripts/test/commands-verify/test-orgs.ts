import { randomUUID, type KeyObject } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startFleet, type Fleet, type OrgSetup } from '../commands/fleet';
import type { Workspace } from '../commands/workspace';
import { DAY_MS, publicJwk, keyPair } from '../lib/jwk/test-keys';

/** Deployed orgs that accept tokens of a key whose private key is available. */
export interface TestOrgs {
  readonly fleet: Fleet;
  /** The private key of a key in the keyset, and its file. */
  readonly key: KeyObject;
  readonly keyFile: string;
}

export const KID = 'stand-key';
/** The issuer in the org files of the test orgs. */
export const DEV_ISSUER = 'https://id.example.com';
export const KEY_FILE = 'PublicKeyCertificate/Customer_Identity_2026_A.PublicKeyCertificate';
const SOURCE = `force-app/main/default/${KEY_FILE}-meta.xml`;

/** A validity period that includes today. */
export const VALID_NOW = { notBefore: new Date(Date.now() - DAY_MS), notAfter: new Date(Date.now() + 365 * DAY_MS) };

export const keyXml = (jwk: object, active = true): string =>
  '<?xml version="1.0" encoding="UTF-8"?>\n<PublicKeyCertificate xmlns="http://soap.sforce.com/2006/04/metadata">\n' +
  `    <isActive>${active}</isActive>\n    <jsonWebKey>${JSON.stringify(jwk)}</jsonWebKey>\n` +
  '    <masterLabel>Stand</masterLabel>\n</PublicKeyCertificate>\n';

/** Starts orgs, replaces a key in source by one whose private key is available, and deploys. */
export async function startTestOrgs(
  workspace: Workspace,
  setups: Readonly<Record<string, OrgSetup>>,
): Promise<TestOrgs> {
  const fleet = await startFleet(workspace, setups);
  const { privateKey } = keyPair('stand');
  writeFileSync(join(fleet.project, SOURCE), keyXml({ ...(await publicJwk(keyPair('stand'), VALID_NOW)), kid: KID }));
  const keyFile = join(workspace.folder, `${randomUUID()}.pem`);
  writeFileSync(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  const { exit, shown } = await fleet.deployAccepted();
  if (exit !== 0) throw new Error(shown);
  return { fleet, key: privateKey, keyFile };
}

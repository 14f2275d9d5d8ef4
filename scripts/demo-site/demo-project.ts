import { createPrivateKey, type KeyObject } from 'node:crypto';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { keyComponent, componentEdit, keyFilePath, writeEdits } from '../lib/keys/source-files';
import { generateKeyPair } from '../lib/jwk/key-pair';
import { publicJwk } from '../lib/keys/key-input';
import { componentsOf } from '../lib/model';
import { readProjectFile, readSource } from '../lib/project';

export const CHANNEL = 'Web_Chat';
/** The channel for unverified users, if the project has it. */
export const UNVERIFIED_CHANNEL = 'Guest_Web_Chat';
export const ISSUER = 'https://shop.example.com';
const KEY = 'Demo_Shop';
const VALIDITY_DAYS = 30;

/** The private key of the shop. Its public key is in the keyset of the project. */
export interface SigningKey {
  readonly privateKey: KeyObject;
  readonly kid: string;
  readonly algorithm: 'RS256';
}

/** Copies the package directories and the project file, without org files. */
export function copyProject(from: string, to: string): void {
  const names = [...readProjectFile(from).packageDirectories, 'sfdx-project.json'];
  for (const name of names) cpSync(join(from, name), join(to, name), { recursive: true });
}

/** Writes a copy of a project for one org. Its keyset contains one new key. */
export async function writeProject(from: string, to: string, orgId: string): Promise<SigningKey> {
  copyProject(from, to);
  const pair = await generateKeyPair({ bits: 2048, alg: 'RS256' });
  const certificate = await pair.certificate(`CN=${KEY}`, new Date(), VALIDITY_DAYS);
  const jwk = publicJwk(pair.publicKey, certificate, { alg: 'RS256' });
  const { components } = readSource(to);
  const file = keyFilePath(to, components, KEY);
  writeEdits(to, componentEdit(file, keyComponent(KEY, jwk)));
  const names = componentsOf(components, 'MessagingChannel').map(({ fullName }) => fullName);
  writeOrgFile(to, orgId, [CHANNEL, ...names.filter((name) => name === UNVERIFIED_CHANNEL)]);
  return { privateKey: createPrivateKey(await pair.privatePem()), kid: jwk.kid, algorithm: 'RS256' };
}

function writeOrgFile(project: string, orgId: string, channels: readonly string[]): void {
  const keyset = { jwtIssuer: ISSUER, publicKeyCertificateSetKeys: [{ publicKeyCertificate: KEY }] };
  const overrides = { PublicKeyCertificateSet: { Customer_Identity: keyset } };
  mkdirSync(join(project, 'config/orgs'), { recursive: true });
  const config = { orgId, kind: 'sandbox', channels, overrides };
  writeFileSync(join(project, 'config/orgs/shop.json'), JSON.stringify(config, null, 2));
}

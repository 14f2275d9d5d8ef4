import { randomUUID, type KeyObject } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startFleet, type Fleet, type Member } from '../commands/fleet';
import type { Workplace } from '../commands/workplace';
import { DAY, jwkOf, pairOf } from '../lib/jwk/keyring';

/** Orgs that a project was deployed to whose tokens can be signed here. */
export interface Stand {
  readonly fleet: Fleet;
  /** The private key that the keyset trusts, and the file that it stands in. */
  readonly key: KeyObject;
  readonly keyFile: string;
}

export const KID = 'stand-key';
/** The issuer that the org file of a stand states. */
export const ISSUER_OF_DEV = 'https://id.example.com';
export const KEY_FILE = 'PublicKeyCertificate/Customer_Identity_2026_A.PublicKeyCertificate';
const SOURCE = `force-app/main/default/${KEY_FILE}-meta.xml`;

/** A certificate that is good today, whatever day that is. */
export const validNow = { notBefore: new Date(Date.now() - DAY), notAfter: new Date(Date.now() + 365 * DAY) };

export const keyXml = (jwk: object, active = true): string =>
  '<?xml version="1.0" encoding="UTF-8"?>\n<PublicKeyCertificate xmlns="http://soap.sforce.com/2006/04/metadata">\n' +
  `    <isActive>${active}</isActive>\n    <jsonWebKey>${JSON.stringify(jwk)}</jsonWebKey>\n` +
  '    <masterLabel>Stand</masterLabel>\n</PublicKeyCertificate>\n';

/** Starts orgs, puts a key into the source whose private half is known, and deploys. */
export async function startStand(place: Workplace, members: Readonly<Record<string, Member>>): Promise<Stand> {
  const fleet = await startFleet(place, members);
  const { privateKey } = pairOf('stand');
  writeFileSync(join(fleet.project, SOURCE), keyXml({ ...(await jwkOf(pairOf('stand'), validNow)), kid: KID }));
  const keyFile = join(place.folder, `${randomUUID()}.pem`);
  writeFileSync(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  const { exit, shown } = await fleet.force();
  if (exit !== 0) throw new Error(shown);
  return { fleet, key: privateKey, keyFile };
}

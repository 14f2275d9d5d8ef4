import { hasDuplicateMember, parseJsonObject } from '../files';
import { certificatesOf, readKeyFile } from '../key-files';
import { readOnce, textAt, type CompromisedKey, type Component } from '../model';
import { certificateThumbprint } from './certificate';
import { memberOf } from './members';
import { thumbprintOf } from './rsa';

/**
 * The thumbprints of every public key in a JWK: that of n and e, and that of each certificate in x5c. Salesforce doesn't document
 * which of them it verifies tokens with, nor how strictly it reads them, so other spellings of the same numbers count too.
 */
export const thumbprintsIn = readOnce((jwk: string): readonly string[] => {
  const members = parseJsonObject(jwk) ?? {};
  const [n, e] = [numberOf(memberOf(members, 'n')), numberOf(memberOf(members, 'e'))];
  const x5c = memberOf(members, 'x5c');
  const certificates = (Array.isArray(x5c) ? x5c : [x5c]).flatMap(certificateKeysOf);
  return [...(n !== undefined && e !== undefined ? [thumbprintOf({ n, e })] : []), ...certificates];
});

/** A number in base64 or base64url as RFC 7638 writes it: base64url without padding and leading zero octets. */
function numberOf(value: unknown): string | undefined {
  const bytes = typeof value === 'string' ? Buffer.from(value, 'base64url') : Buffer.alloc(0);
  const first = bytes.findIndex((byte) => byte !== 0);
  return first < 0 ? undefined : bytes.subarray(first).toString('base64url');
}

/** The keys of an item of x5c: base64 of a certificate, or PEM in any layout, even with a private key in it. */
function certificateKeysOf(item: unknown): readonly string[] {
  if (typeof item !== 'string') return [];
  const bytes = item.includes('-----') ? Buffer.from(item) : Buffer.from(item, 'base64');
  const file = readKeyFile(bytes, 'private');
  const certificates = 'items' in file ? certificatesOf(file.items) : [];
  return certificates.flatMap((each) => certificateThumbprint(each) ?? []);
}

/** The compromised key that a JWK contains; undefined if it contains none. */
export function compromisedKeyIn(jwk: string, compromised: readonly CompromisedKey[]): CompromisedKey | undefined {
  if (compromised.length === 0) return undefined;
  const thumbprints = thumbprintsIn(jwk);
  return compromised.find(({ thumbprint }) => thumbprints.includes(thumbprint));
}

/** The compromised key that a PublicKeyCertificate contains, active or not. */
export const compromisedKeyOf = (
  key: Component | undefined,
  compromised: readonly CompromisedKey[],
): CompromisedKey | undefined => key && compromisedKeyIn(textAt(key.root, 'jsonWebKey') ?? '', compromised);

/**
 * The thumbprints of every public key in a PublicKeyCertificate. Empty if its JWK can be read in several ways, so that its thumbprints
 * don't say which key Salesforce uses.
 */
export function thumbprintsOf(key: Component): readonly string[] {
  const jwk = textAt(key.root, 'jsonWebKey') ?? '';
  return hasOneReading(jwk) ? thumbprintsIn(jwk) : [];
}

/** The members that say what the public key is. */
const KEY_MEMBERS = ['kty', 'n', 'e', 'x5c', 'x5u'];

/**
 * Whether a JWK is an RSA key whose members are spelled as in RFC 7517, occur once, and refer to no other document. Salesforce could
 * read a certificate that can't be parsed here.
 */
function hasOneReading(jwk: string): boolean {
  const members = parseJsonObject(jwk);
  if (!members || hasDuplicateMember(jwk)) return false;
  const x5c = memberOf(members, 'x5c') ?? [];
  return (
    memberOf(members, 'kty') === 'RSA' &&
    memberOf(members, 'x5u') === undefined &&
    [x5c].flat().every((item) => certificateKeysOf(item).length > 0) &&
    Object.keys(members).every((name) => KEY_MEMBERS.includes(name) || !KEY_MEMBERS.includes(name.toLowerCase()))
  );
}

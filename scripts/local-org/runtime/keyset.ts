import { readableDocumentOf } from '../metadata/store';
import { children, childText, type XmlElement } from '../metadata/xml';
import type { Org } from '../org/org';
import { endpointKeys } from './endpoint-keys';
import { keyOf, type Key } from './key';

/** A keyset as the runtime reads it: which issuer it trusts, and with which keys. */
export interface Keyset {
  readonly issuer: string;
  /** whether the keys were uploaded; otherwise they come from an endpoint */
  readonly uploaded: boolean;
  /** its keys with this kid; a keyset with an endpoint may have to fetch them. Throws a Refusal when it cannot. */
  keysWith(kid: string): Promise<readonly Key[]> | readonly Key[];
}

export function keysetNamed(org: Org, name: string): Keyset | undefined {
  const root = readableDocumentOf(org.metadata.find('PublicKeyCertificateSet', name));
  if (!root) return undefined;
  const uploaded = childText(root, 'type') !== 'JWKS_URL';
  return {
    issuer: childText(root, 'jwtIssuer') ?? '',
    uploaded,
    keysWith: (kid) =>
      uploaded ? uploadedKeys(org, root, kid) : endpointKeys(org, childText(root, 'jwksEndPoint') ?? '', kid),
  };
}

function uploadedKeys(org: Org, keyset: XmlElement, kid: string): Key[] {
  return children(keyset, 'publicKeyCertificateSetKeys')
    .map((entry) =>
      readableDocumentOf(org.metadata.find('PublicKeyCertificate', childText(entry, 'publicKeyCertificate') ?? '')),
    )
    .flatMap((root) => (root ? uploadedKey(root) : []))
    .filter((key) => key.kid === kid);
}

// Reading a key takes longer than checking a signature with it; a document is replaced, never changed.
const known = new WeakMap<XmlElement, readonly Key[]>();

function uploadedKey(root: XmlElement): readonly Key[] {
  const before = known.get(root);
  if (before) return before;
  const members = membersIn(childText(root, 'jsonWebKey') ?? '');
  const keys = members ? [keyOf(members, childText(root, 'isActive') === 'true')] : [];
  known.set(root, keys);
  return keys;
}

function membersIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}

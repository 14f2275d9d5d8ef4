import { tryParseDocument } from '../metadata/store';
import { children, childText, type XmlElement } from '../metadata/xml';
import type { Org } from '../org/org';
import { findEndpointKeys } from './endpoint-keys';
import { parseKey, type Key } from './key';

/** A keyset as the runtime reads it: which issuer it trusts, and with which keys. */
export interface Keyset {
  readonly issuer: string;
  /** whether the keys were uploaded; otherwise they come from an endpoint */
  readonly uploaded: boolean;
  /** its keys with this kid; a keyset with an endpoint may have to fetch them. Throws a Refusal when it cannot. */
  findKeys(kid: string): Promise<readonly Key[]> | readonly Key[];
}

export function findKeyset(org: Org, name: string): Keyset | undefined {
  const root = tryParseDocument(org.metadata.find('PublicKeyCertificateSet', name));
  if (!root) return undefined;
  const uploaded = childText(root, 'type') !== 'JWKS_URL';
  return {
    issuer: childText(root, 'jwtIssuer') ?? '',
    uploaded,
    findKeys: (kid) =>
      uploaded ? uploadedKeys(org, root, kid) : findEndpointKeys(org, childText(root, 'jwksEndPoint') ?? '', kid),
  };
}

function uploadedKeys(org: Org, keyset: XmlElement, kid: string): Key[] {
  return children(keyset, 'publicKeyCertificateSetKeys')
    .map((entry) =>
      tryParseDocument(org.metadata.find('PublicKeyCertificate', childText(entry, 'publicKeyCertificate') ?? '')),
    )
    .flatMap((root) => (root ? parseUploadedKey(root) : []))
    .filter((key) => key.kid === kid);
}

// Reading a key takes longer than checking a signature with it; a document is replaced, never changed.
const keyCache = new WeakMap<XmlElement, readonly Key[]>();

function parseUploadedKey(root: XmlElement): readonly Key[] {
  const cached = keyCache.get(root);
  if (cached) return cached;
  const members = parseJsonObject(childText(root, 'jsonWebKey') ?? '');
  const keys = members ? [parseKey(members, childText(root, 'isActive') === 'true')] : [];
  keyCache.set(root, keys);
  return keys;
}

function parseJsonObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}

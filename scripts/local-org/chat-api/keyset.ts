import { tryParseDocument } from '../metadata/store';
import { children, childText, type XmlElement } from '../metadata/xml';
import type { Org } from '../org/org';
import { findEndpointKeys } from './endpoint-keys';
import { parseKey, type Key } from './key';

/** A keyset: the issuer that it trusts, and its keys. */
export interface Keyset {
  readonly issuer: string;
  /** whether the keys were uploaded; otherwise they come from a JWKS endpoint */
  readonly uploaded: boolean;
  /** Returns the keys with this kid. Throws a Rejection if the endpoint's keys can't be read. */
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

/** The uploaded keys of the org with this kid, in a keyset or not. */
export const findUploadedKeys = (org: Org, kid: string): readonly Key[] =>
  org.metadata
    .ofType('PublicKeyCertificate')
    .flatMap((component) => {
      const root = tryParseDocument(component);
      return root ? parseUploadedKey(root) : [];
    })
    .filter((key) => key.kid === kid);

// Parsing a key takes longer than verifying a signature. A document is replaced, never changed, so it can be the cache key.
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

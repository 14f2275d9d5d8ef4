import { createPublicKey, type KeyObject } from 'node:crypto';
import { readKeyComponent, type JwksKey, type PublicKeyFacts } from '../jwk';
import {
  componentsOf,
  isEndpointKeyset,
  isTrueAt,
  jwksUrlOf,
  keyNamesOf,
  textAt,
  type Component,
  type ComponentMap,
} from '../model';

/** The keys that a JWKS endpoint serves, or the reason why it serves none. */
export type EndpointKeys =
  | {
      readonly keys: readonly JwksKey[];
      readonly problem?: undefined;
    }
  | { readonly keys?: undefined; readonly problem: string };

/** The published settings of a chat deployment, or the reason why they can't be read: `unpublished`, or nothing is known. */
export type PublishedSettings =
  | { readonly authMode: string; readonly problem?: undefined }
  | {
      readonly authMode?: undefined;
      readonly problem: string;
      readonly state: 'unreachable' | 'unpublished' | 'unreadable';
    };

/** Everything that decides whether a token is accepted, as declared in source or live in the org. Facts that weren't read are absent. */
export interface OrgView {
  readonly alias: string;
  readonly view: 'source' | 'org';
  readonly components: ComponentMap;
  /** Developer names of the active channels. */
  readonly active?: ReadonlySet<string>;
  /** By URL. */
  readonly endpoints: ReadonlyMap<string, EndpointKeys>;
  /** By developer name of the chat deployment. */
  readonly published?: ReadonlyMap<string, PublishedSettings>;
}

/** A key that an org can verify tokens with: uploaded, or served by an endpoint. */
export interface Key {
  /** Developer name, or the URL of the endpoint. */
  readonly name: string;
  readonly kid?: string;
  /** The algorithm (alg) in its JWK. */
  readonly alg?: string;
  /** JWK thumbprint (RFC 7638). */
  readonly thumbprint?: string;
  readonly active: boolean;
  /** The keyset whose endpoint serves the key. Absent for an uploaded key: keysets list it by name. */
  readonly servedByKeyset?: string;
  /** Reasons why Salesforce can't use the key. */
  readonly problems: readonly string[];
  readonly publicKey?: KeyObject;
}

/** Returns all uploaded keys of an org and the keys that its endpoints serve. A key without a readable JWK has problems and no kid. */
export const keysOf = (orgView: OrgView, now: Date): readonly Key[] => [
  ...componentsOf(orgView.components, 'PublicKeyCertificate').map((key) => uploadedKey(key, now)),
  ...componentsOf(orgView.components, 'PublicKeyCertificateSet').flatMap((keyset) => endpointKeysOf(orgView, keyset)),
];

/** The keys that were read, and in which minute. To read one takes a signature check, and every channel needs all keys. */
const readKeys = new WeakMap<Component, { readonly minute: number; readonly key: Key }>();

function uploadedKey(component: Component, now: Date): Key {
  const minute = Math.floor(now.getTime() / 60_000);
  const known = readKeys.get(component);
  if (known?.minute === minute) return known.key;
  const key = readUploadedKey(component, now);
  readKeys.set(component, { minute, key });
  return key;
}

function readUploadedKey(component: Component, now: Date): Key {
  const { fullName, root } = component;
  const { key, problems } = readKeyComponent(component, now);
  const errors = problems.filter(({ severity, code }) => severity === 'error' && code !== 'jwk-x5c-expires-soon');
  return {
    ...keyFields(fullName, textAt(root, 'jsonWebKey') ?? '', key),
    active: isTrueAt(root, 'isActive'),
    problems: errors.map((each) => each.message),
  };
}

function endpointKeysOf(orgView: OrgView, keyset: Component): readonly Key[] {
  const served = orgView.endpoints.get(jwksUrlOf(keyset) ?? '');
  return (served?.keys ?? []).map(({ kid, facts, text, unusable }) => ({
    ...(kid !== undefined && { kid }),
    ...keyFields(jwksUrlOf(keyset) ?? '', text, facts),
    active: true,
    problems: unusable.map(({ message }) => message),
    servedByKeyset: keyset.fullName,
  }));
}

function keyFields(
  name: string,
  text: string,
  facts: PublicKeyFacts | undefined,
): Pick<Key, 'name' | 'kid' | 'alg' | 'thumbprint' | 'publicKey'> {
  const publicKey = facts && publicKeyOf(text);
  const { kid, alg, thumbprint } = facts ?? {};
  return {
    name,
    ...(kid !== undefined && { kid }),
    ...(alg !== undefined && { alg }),
    ...(thumbprint !== undefined && { thumbprint }),
    ...(publicKey && { publicKey }),
  };
}

/** Uses only n and e, so that a private member is never loaded. */
function publicKeyOf(text: string): KeyObject | undefined {
  try {
    const { n, e } = JSON.parse(text) as { n: string; e: string };
    return createPublicKey({ key: { kty: 'RSA', n, e }, format: 'jwk' });
  } catch {
    return undefined;
  }
}

export const keysetHasKey = (keyset: Component, key: Key): boolean =>
  key.servedByKeyset === undefined
    ? !isEndpointKeyset(keyset) && keyNamesOf(keyset).includes(key.name)
    : key.servedByKeyset === keyset.fullName;

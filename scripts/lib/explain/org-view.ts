import { createPublicKey, type KeyObject } from 'node:crypto';
import { readKeyComponent, type PublicKeyFacts } from '../jwk';
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

/** What an endpoint serves: keys, or the reason why there are none. */
export type EndpointKeys =
  | {
      readonly keys: readonly { readonly facts: PublicKeyFacts; readonly text: string }[];
      readonly problem?: undefined;
    }
  | { readonly keys?: undefined; readonly problem: string };

/** What the messaging runtime serves of a deployment: its authMode, or the reason why there is nothing, perhaps no answer at all. */
export type PublishedSettings =
  | { readonly authMode: string; readonly problem?: undefined }
  | { readonly authMode?: undefined; readonly problem: string; readonly unreachable: boolean };

/** An org as tokens meet it: as the source states it, or as it is. What nobody looked at is absent, never taken for good. */
export interface OrgView {
  readonly alias: string;
  readonly view: 'source' | 'org';
  readonly components: ComponentMap;
  /** Developer names of the active channels. */
  readonly active?: ReadonlySet<string>;
  /** By address. */
  readonly endpoints: ReadonlyMap<string, EndpointKeys>;
  /** By developer name of the deployment. */
  readonly published?: ReadonlyMap<string, PublishedSettings>;
}

/** A key that an org could verify with, wherever it comes from. */
export interface Key {
  /** Developer name, or the address of the endpoint. */
  readonly name: string;
  readonly kid?: string;
  /** The algorithm that the key is declared for. */
  readonly alg?: string;
  /** RFC 7638. */
  readonly thumbprint?: string;
  readonly active: boolean;
  /** The keyset whose endpoint serves it; an uploaded key is listed by keysets instead. */
  readonly servedByKeyset?: string;
  /** What keeps Salesforce from using it. */
  readonly problems: readonly string[];
  readonly publicKey?: KeyObject;
}

/** All keys of an org that have a readable JWK, and those of its endpoints. */
export const keysOf = (orgView: OrgView, now: Date): readonly Key[] => [
  ...componentsOf(orgView.components, 'PublicKeyCertificate').map((key) => uploadedKey(key, now)),
  ...componentsOf(orgView.components, 'PublicKeyCertificateSet').flatMap((keyset) => endpointKeysOf(orgView, keyset)),
];

function uploadedKey(component: Component, now: Date): Key {
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
  return (served?.keys ?? []).map(({ facts, text }) => ({
    ...keyFields(jwksUrlOf(keyset) ?? '', text, facts),
    ...{ active: true, problems: [], servedByKeyset: keyset.fullName },
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

/** Only n and e are taken: a private member has no business in a verifier. */
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

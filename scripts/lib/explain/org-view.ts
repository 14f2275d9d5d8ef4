import { createPublicKey, type KeyObject } from 'node:crypto';
import { readJwk, type PublicKeyFacts } from '../jwk';
import {
  childrenOf,
  componentsOf,
  elementAt,
  isTrueAt,
  referencesOf,
  textAt,
  type Component,
  type ComponentMap,
  type Element,
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

function uploadedKey({ fullName, root }: Component, now: Date): Key {
  const text = textAt(root, 'jsonWebKey') ?? '';
  const { key, problems } = readJwk(text, now);
  const errors = problems.filter(({ severity, code }) => severity === 'error' && code !== 'jwk-x5c-expires-soon');
  return {
    ...keyFields(fullName, text, key),
    active: isTrueAt(root, 'isActive'),
    problems: errors.map((each) => each.message),
  };
}

function endpointKeysOf(orgView: OrgView, keyset: Component): readonly Key[] {
  const served = orgView.endpoints.get(jwksUrlOf(keyset) ?? '');
  return (served?.keys ?? []).map(({ facts, text }) => ({
    ...keyFields(jwksUrlOf(keyset) ?? '', text, facts),
    ...{ active: true, problems: [], endpointOf: keyset.fullName },
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

/** The address that a keyset of type JWKS_URL fetches its keys from. */
export const jwksUrlOf = (keyset: Component): string | undefined =>
  textAt(keyset.root, 'type') === 'JWKS_URL' ? textAt(keyset.root, 'jwksEndPoint') : undefined;

/** Names of the uploaded keys that a keyset lists. */
export const listedKeyNames = (keyset: Component): readonly string[] =>
  childrenOf(keyset.root, 'publicKeyCertificateSetKeys').flatMap((item) => textAt(item, 'publicKeyCertificate') ?? []);

export const keysetHasKey = (keyset: Component, key: Key): boolean =>
  key.servedByKeyset === undefined
    ? textAt(keyset.root, 'type') !== 'JWKS_URL' && listedKeyNames(keyset).includes(key.name)
    : key.servedByKeyset === keyset.fullName;

/** Byte for byte: textAt would trim. */
export const issuerOf = (keyset: Component): string => elementAt(keyset.root, 'jwtIssuer')?.text ?? '';

/** The configurations ("User Verification Configuration" in Setup) of a channel. */
export function authorizationsOf(channel: Component): readonly Element[] {
  const config = elementAt(channel.root, 'embeddedConfig');
  return config ? childrenOf(config, 'messagingAuthorizations') : [];
}

export const chatDeploymentsFor = (orgView: OrgView, channel: string): readonly Component[] =>
  componentsOf(orgView.components, 'EmbeddedServiceConfig').filter((chatDeployment) =>
    referencesOf(chatDeployment).some(({ type, name }) => type === 'MessagingChannel' && name === channel),
  );

/** Whether a channel is meant to verify its customers. */
export const isVerifiedChannel = (channel: Component): boolean =>
  textAt(channel.root, 'embeddedConfig.authMode') === 'Auth' || authorizationsOf(channel).length > 0;

import type { Component, Element } from '../model';
import type { Token } from '../token';
import type { Key, Picture } from './picture';

/** The links from a token to the deployment that a customer's client talks to, in the order in which they are looked at. */
export const LINKS = {
  'well-formed': 'the token is a JWT',
  algorithm: 'it is signed with RS256 or RS512',
  claims: 'it says who (sub), by whom (iss) and until when (exp)',
  kid: 'its header names a key (kid)',
  key: 'the org knows that key',
  'key-active': 'the key is active',
  'key-fit': 'the key is one that Salesforce can use',
  keyset: 'a keyset trusts the key',
  issuer: 'the keyset has the issuer of the token, byte for byte',
  times: 'the token is valid now',
  signature: 'the signature is of that key',
  configuration: 'a configuration of the channel has that keyset',
  enabled: 'the configuration is active',
  subject: 'the customer has a key that fits',
  'keyset-keys': 'the keyset has a key to verify with',
  mode: 'verification is on',
  channel: 'the channel is active',
  deployment: 'a deployment serves the channel',
  published: 'the deployment is published with verification',
} as const;
export type LinkName = keyof typeof LINKS;

/** How one link came out. `unknown`: it could not be looked at, and nobody should take it for good. */
export type Verdict =
  | { readonly state: 'ok' | 'unknown'; readonly detail: string }
  | { readonly state: 'broken'; readonly detail: string; readonly fix: string };

export type LinkResult = Verdict & { readonly link: LinkName };

/** A way through the org that is still open: a key, a keyset that trusts it, a configuration with that keyset. */
export interface Way {
  readonly key?: Key;
  readonly keyset?: Component;
  readonly configuration?: Element;
}

/** What a link is looked at in. `ways` are those that all links before left open. */
export interface Scene {
  readonly picture: Picture;
  readonly channel: Component;
  readonly now: Date;
  readonly ways: readonly Way[];
  readonly keys: readonly Key[];
}

export interface TokenScene extends Scene {
  readonly token: Token;
}

/** What a link says, and the ways that it leaves open; all of them where it says nothing of ways. */
export interface Look {
  readonly verdict: Verdict;
  readonly ways?: readonly Way[];
}

export interface Link<S extends Scene = Scene> {
  readonly name: LinkName;
  readonly look: (scene: S) => Look;
}

export const ok = (detail: string, ways?: readonly Way[]): Look => ({
  verdict: { state: 'ok', detail },
  ...(ways && { ways }),
});

export const unknown = (detail: string, ways?: readonly Way[]): Look => ({
  verdict: { state: 'unknown', detail },
  ...(ways && { ways }),
});

export const broken = (detail: string, fix: string): Look => ({ verdict: { state: 'broken', detail, fix } });

/** What brings the org to what the source states; the way to mend whatever the source already has right. */
export const deployFix = ({ alias }: Picture, rest = ''): string => `npm run deploy -- --org ${alias}${rest}`;

/** What shows why an endpoint serves no keys, also that of a keyset which only the org has. */
export const endpointFix = (address: string, keyset: string): string =>
  `See what it answers, from outside your network: curl -i ${address} (npm run keys -- probe ${keyset} says more, if the source has that keyset).`;

/** Names for a sentence, each once. */
export const named = (names: Iterable<string | undefined>): string =>
  [...new Set([...names].flatMap((name) => name ?? []))].join(', ') || 'none';

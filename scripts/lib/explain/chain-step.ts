import type { Component, Element } from '../model';
import type { Token } from '../token';
import type { Key, OrgView } from './org-view';

/** The links from a token to the deployment that a customer's client talks to, in the order in which they are looked at. */
export const CHAIN_STEPS = {
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
export type ChainStepName = keyof typeof CHAIN_STEPS;

/** How one link came out. `unknown`: it could not be looked at, and nobody should take it for good. */
export type StepVerdict =
  | { readonly state: 'passed' | 'inconclusive'; readonly detail: string }
  | { readonly state: 'failed'; readonly detail: string; readonly fix: string };

export type ChainStepResult = StepVerdict & { readonly link: ChainStepName };

/** A way through the org that is still open: a key, a keyset that trusts it, a configuration with that keyset. */
export interface CandidatePath {
  readonly key?: Key;
  readonly keyset?: Component;
  readonly authorization?: Element;
}

/** What a link is looked at in. `ways` are those that all links before left open. */
export interface ChainContext {
  readonly orgView: OrgView;
  readonly channel: Component;
  readonly now: Date;
  readonly candidates: readonly CandidatePath[];
  readonly keys: readonly Key[];
}

export interface TokenChainContext extends ChainContext {
  readonly token: Token;
}

/** What a link says, and the ways that it leaves open; all of them where it says nothing of ways. */
export interface StepEvaluation {
  readonly verdict: StepVerdict;
  readonly candidates?: readonly CandidatePath[];
}

export interface ChainStep<S extends ChainContext = ChainContext> {
  readonly name: ChainStepName;
  readonly evaluate: (scene: S) => StepEvaluation;
}

export const passed = (detail: string, candidates?: readonly CandidatePath[]): StepEvaluation => ({
  verdict: { state: 'passed', detail },
  ...(candidates && { candidates: candidates }),
});

export const inconclusive = (detail: string, candidates?: readonly CandidatePath[]): StepEvaluation => ({
  verdict: { state: 'inconclusive', detail },
  ...(candidates && { candidates: candidates }),
});

export const failed = (detail: string, fix: string): StepEvaluation => ({ verdict: { state: 'failed', detail, fix } });

/** What brings the org to what the source states; the way to mend whatever the source already has right. */
export const deployFix = ({ alias }: OrgView, flags = ''): string => `npm run deploy -- --org ${alias}${flags}`;

/** What shows why an endpoint serves no keys, also that of a keyset which only the org has. */
export const endpointFix = (url: string, keyset: string): string =>
  `See what it answers, from outside your network: curl -i ${url} (npm run keys -- check-endpoint ${keyset} says more, if the source has that keyset).`;

/** Names for a sentence, each once. */
export const joinNames = (names: Iterable<string | undefined>): string =>
  [...new Set([...names].flatMap((name) => name ?? []))].join(', ') || 'none';

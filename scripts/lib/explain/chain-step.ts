import { type Component, type Element, npmRun } from '../model';
import type { Token } from '../token';
import type { Key, OrgView } from './org-view';

/** The steps from an identity token to the published chat deployment, in evaluation order, each with its expected result. */
export const CHAIN_STEPS = {
  'well-formed': 'the token is a JWT',
  kind: 'the token identifies a customer, and services other than its issuer can verify it',
  algorithm: 'the token is signed with RS256 or RS512',
  claims: 'the token has the claims sub, iss and exp',
  kid: 'the header of the token has a kid',
  key: 'the org has a key with that kid',
  'key-active': 'the key is active',
  'key-fit': 'Salesforce can use the key',
  keyset: 'a keyset contains the key',
  issuer: 'the keyset has the issuer of the token, byte for byte',
  times: 'the token is valid now',
  signature: 'the signature was made with that key',
  configuration: 'a user verification configuration of the channel uses that keyset',
  enabled: 'the user verification configuration is active',
  subject: 'the subject of the customer fits into its Salesforce field',
  'keyset-keys': 'the keyset has a usable key',
  mode: 'user verification is on',
  channel: 'the channel is active',
  deployment: 'a chat deployment serves the channel',
  published: 'the chat deployment is published with user verification',
} as const;
export type ChainStepName = keyof typeof CHAIN_STEPS;

/** The result of one step. `inconclusive`: the step couldn't be evaluated, so it doesn't count as passed. */
export type StepVerdict =
  | { readonly state: 'passed' | 'inconclusive'; readonly detail: string }
  | { readonly state: 'failed'; readonly detail: string; readonly fix: string };

export type ChainStepResult = StepVerdict & { readonly link: ChainStepName };

/** A combination that could still accept the token: a key, a keyset with that key, a configuration with that keyset. */
export interface CandidatePath {
  readonly key?: Key;
  readonly keyset?: Component;
  readonly authorization?: Element;
}

/** The input of a step. `candidates` are the paths that all earlier steps kept. */
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

/** The verdict of a step and the paths that it keeps; without `candidates` it keeps all. */
export interface StepEvaluation {
  readonly verdict: StepVerdict;
  readonly candidates?: readonly CandidatePath[];
}

export interface ChainStep<C extends ChainContext = ChainContext> {
  readonly name: ChainStepName;
  readonly evaluate: (context: C) => StepEvaluation;
}

export const passed = (detail: string, candidates?: readonly CandidatePath[]): StepEvaluation => ({
  verdict: { state: 'passed', detail },
  ...(candidates && { candidates }),
});

export const inconclusive = (detail: string, candidates?: readonly CandidatePath[]): StepEvaluation => ({
  verdict: { state: 'inconclusive', detail },
  ...(candidates && { candidates }),
});

export const failed = (detail: string, fix: string): StepEvaluation => ({ verdict: { state: 'failed', detail, fix } });

/** The command that deploys the desired state to the org. */
export const deployFix = ({ alias }: OrgView, ...flags: readonly string[]): string =>
  npmRun('deploy', '--org', alias, ...flags);

/** Shows why an endpoint serves no keys. `curl` also works for a keyset that exists only in the org. */
export const endpointFix = (url: string, keyset: string): string =>
  `See the response from outside your network: curl -i ${url} (for more about a keyset in source: ${npmRun('keys', 'check-endpoint', keyset)}).`;

/** Distinct names, separated by commas; "none" without a name. */
export const listDistinct = (names: Iterable<string | undefined>): string =>
  [...new Set([...names].flatMap((name) => name ?? []))].join(', ') || 'none';

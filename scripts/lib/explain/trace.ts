import {
  authorizationsOf,
  componentsOf,
  isSetUpForVerification,
  keyOf,
  keysetNameOf,
  type Component,
  type ComponentMap,
} from '../model';
import type { TokenReading } from '../token';
import { CHANNEL_STEPS, AUTHORIZATION_STEPS, KEYSET_STEPS, SUBJECT_STEPS } from './channel-steps';
import { CLAIM_STEPS } from './claim-steps';
import { KEY_STEPS } from './key-steps';
import type { ChainStep, ChainStepResult, ChainContext } from './chain-step';
import { keysOf, type OrgView } from './org-view';
import { TOKEN_STEPS } from './token-steps';

/** How far a token, or any token, gets on one channel of one org: every link up to the first broken one. */
export interface ChainTrace {
  readonly channel: string;
  readonly steps: readonly ChainStepResult[];
}

const STEPS_WITH_TOKEN = [
  ...TOKEN_STEPS,
  ...KEY_STEPS,
  ...CLAIM_STEPS,
  ...AUTHORIZATION_STEPS,
  ...SUBJECT_STEPS,
  ...CHANNEL_STEPS,
];
const STEPS_WITHOUT_TOKEN = [...AUTHORIZATION_STEPS, ...KEYSET_STEPS, ...CHANNEL_STEPS];

/** The first broken link of a walk; undefined where every link held, or could not be looked at. */
export const firstFailure = ({ steps }: ChainTrace): (ChainStepResult & { readonly state: 'failed' }) | undefined =>
  steps.find((step): step is ChainStepResult & { readonly state: 'failed' } => step.state === 'failed');

/** Walks a token through an org to a channel. `now` is the clock that its times are held against. */
export function traceToken(orgView: OrgView, channel: Component, reading: TokenReading, now: Date): ChainTrace {
  const { token } = reading;
  if (!token)
    return {
      channel: channel.fullName,
      steps: [{ link: 'well-formed', state: 'failed', detail: reading.problem, fix: reading.fix }],
    };
  const context = { ...createContext(orgView, channel, now), token };
  return {
    channel: channel.fullName,
    steps: [
      { link: 'well-formed', state: 'passed', detail: token.fingerprint },
      ...runSteps(context, STEPS_WITH_TOKEN),
    ],
  };
}

/** Walks what an org has for any token of a channel: all that can be told without one. */
export function traceChannel(orgView: OrgView, channel: Component, now: Date): ChainTrace {
  const context = createContext(orgView, channel, now);
  const candidates = authorizationsOf(channel).flatMap((item) => {
    const keyset = orgView.components.get(`PublicKeyCertificateSet:${keysetNameOf(item) ?? ''}`);
    return keyset ? [{ keyset }] : [];
  });
  return { channel: channel.fullName, steps: runSteps({ ...context, candidates }, STEPS_WITHOUT_TOKEN) };
}

const createContext = (orgView: OrgView, channel: Component, now: Date): ChainContext => ({
  ...{ orgView: orgView, channel, now, candidates: [] },
  keys: keysOf(orgView, now),
});

function runSteps<S extends ChainContext>(start: S, steps: readonly ChainStep<S>[]): readonly ChainStepResult[] {
  const results: ChainStepResult[] = [];
  let context = start;
  for (const { name, evaluate } of steps) {
    const { verdict, candidates: candidates } = evaluate(context);
    results.push({ link: name, ...verdict });
    if (verdict.state === 'failed') break;
    context = candidates ? { ...context, candidates: candidates } : context;
  }
  return results;
}

/**
 * The channels of a picture on which customers are to be verified: those that say so there, and those of which the source
 * says so, for a channel that was switched to guests is what one looks for.
 */
export function verifiedChannels({ components }: OrgView, declared: ComponentMap): readonly Component[] {
  const declaredChannels = new Set(
    componentsOf(declared, 'MessagingChannel').filter(isSetUpForVerification).map(keyOf),
  );
  return componentsOf(components, 'MessagingChannel').filter(
    (channel) => isSetUpForVerification(channel) || declaredChannels.has(keyOf(channel)),
  );
}

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
import { CHANNEL_STEPS, AUTHORIZATION_STEPS, KEYSET_STEPS, REACH_STEPS, SUBJECT_STEPS } from './channel-steps';
import { CLAIM_STEPS } from './claim-steps';
import { KEY_STEPS } from './key-steps';
import type { ChainStep, ChainStepResult, ChainContext, StepVerdict } from './chain-step';
import { keysOf, type OrgView } from './org-view';
import { TOKEN_STEPS } from './token-steps';

/** The results of all steps for one channel of one org, up to and including the first failed step. */
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

type FailedStep = ChainStepResult & { readonly state: 'failed' };

/** The failed step of a trace; undefined if every step passed or was inconclusive. */
export const firstFailure = ({ steps }: ChainTrace): FailedStep | undefined =>
  steps.find((step): step is FailedStep => step.state === 'failed');

/** Evaluates the steps for a token on a channel. `now` is compared with the times of the token. */
export function traceToken(orgView: OrgView, channel: Component, reading: TokenReading, now: Date): ChainTrace {
  const { token } = reading;
  const form = { link: 'well-formed', ...formVerdict(reading) } as const;
  if (!token || form.state === 'failed') return { channel: channel.fullName, steps: [form] };
  const context = { ...createContext(orgView, channel, now), token };
  return { channel: channel.fullName, steps: [form, ...runSteps(context, STEPS_WITH_TOKEN)] };
}

function formVerdict({ token, problem, fix }: TokenReading): StepVerdict {
  if (!token) return { state: 'failed', detail: problem, fix };
  if (token.duplicates.length > 0) return { state: 'failed', ...duplicateProblem(token.duplicates) };
  return { state: 'passed', detail: token.fingerprint };
}

const duplicateProblem = (parts: readonly string[]): { readonly detail: string; readonly fix: string } => ({
  detail: `A member of the ${parts.join(' and of the ')} occurs twice. Readers disagree about which one counts, and some reject the token.`,
  fix: 'Write each member once. JWT libraries do that; code that joins texts may not.',
});

/** Evaluates the steps that need no token: they hold for every token of the channel. */
export function traceChannel(orgView: OrgView, channel: Component, now: Date): ChainTrace {
  const context = createContext(orgView, channel, now);
  const candidates = authorizationsOf(channel).flatMap((authorization) => {
    const keyset = orgView.components.get(`PublicKeyCertificateSet:${keysetNameOf(authorization) ?? ''}`);
    return keyset ? [{ keyset }] : [];
  });
  return { channel: channel.fullName, steps: runSteps({ ...context, candidates }, STEPS_WITHOUT_TOKEN) };
}

/** Evaluates the steps for unverified users of a channel: whether they can reach it. */
export const traceUnverifiedChannel = (orgView: OrgView, channel: Component, now: Date): ChainTrace => ({
  channel: channel.fullName,
  steps: runSteps(createContext(orgView, channel, now), REACH_STEPS),
});

const createContext = (orgView: OrgView, channel: Component, now: Date): ChainContext => ({
  orgView,
  channel,
  now,
  candidates: [],
  keys: keysOf(orgView, now),
});

function runSteps<C extends ChainContext>(start: C, steps: readonly ChainStep<C>[]): readonly ChainStepResult[] {
  const results: ChainStepResult[] = [];
  let context = start;
  for (const { name, evaluate } of steps) {
    const { verdict, candidates } = evaluate(context);
    results.push({ link: name, ...verdict });
    if (verdict.state === 'failed') break;
    context = candidates ? { ...context, candidates } : context;
  }
  return results;
}

/**
 * The channels of an org view with user verification in that view or in `declared`. A channel that is verified in source and
 * unverified in the org is one that verification has to report.
 */
export function verifiedChannels({ components }: OrgView, declared: ComponentMap): readonly Component[] {
  const declaredChannels = new Set(
    componentsOf(declared, 'MessagingChannel').filter(isSetUpForVerification).map(keyOf),
  );
  return componentsOf(components, 'MessagingChannel').filter(
    (channel) => isSetUpForVerification(channel) || declaredChannels.has(keyOf(channel)),
  );
}

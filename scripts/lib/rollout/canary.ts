import { setTimeout as pause } from 'node:timers/promises';
import { asToolError } from '../errors';
import { pluralize, RESUME_HINT, type ChatCounts, type Check, type ErrorDetails, type OrgResult } from '../model';
import { evaluateShare, isClearlyBelow, type ShareLimits } from '../monitor/share';
import { countChatsIn } from '../monitor/traffic';
import { readChannels, type Sf } from '../org';
import { channelsInScope } from '../verification/scope';
import { undoDeploy } from './deploy-org';
import type { OrgRun } from './org-run';
import type { Canary } from './rollout-options';

/** An org of a wave after its deploy. */
export interface DeployedOrg {
  readonly run: OrgRun;
  readonly result: OrgResult;
}

/** The time between two counts of the chats of an org. */
const POLL_MS = 60_000;

/** The codes of orgs whose watch keeps the next wave from starting, whatever --max-failures is. */
const CANARY_CODES: readonly (string | undefined)[] = ['canary-failed', 'canary-inconclusive'];

export const isHeldBack = ({ error }: OrgResult): boolean => CANARY_CODES.includes(error?.code);

/** Whether the chats of an org are watched: this run, or an earlier attempt of it, changed a channel with user verification. */
export const isWatched = ({ run, result }: DeployedOrg, { pending }: Canary): boolean =>
  (result.status === 'changed' || (result.status === 'unchanged' && pending.has(result.alias))) &&
  verifiedChannels(run).length > 0;

const verifiedChannels = ({ planned: { desired, live } }: OrgRun): readonly string[] =>
  live ? channelsInScope({ desired, live }).flatMap(({ name, kind }) => (kind === 'verified' ? [name] : [])) : [];

/**
 * Watches the chats of an org after its deploy, and returns its result. If the share of verified chats is too low, the result is a
 * failure, and the org is rolled back with --rollback-on-failure. Too few chats are a failure too, but the org keeps the deploy. A share
 * that is clearly too low ends the watch early. A resumed watch ends when the interrupted one would have ended.
 */
export async function watchOrg(sf: Sf, org: DeployedOrg, canary: Canary): Promise<OrgResult> {
  const { run, result } = org;
  const since = canary.pending.get(result.alias) ?? new Date();
  run.reportStep('watching', since.toISOString());
  const watch = await watchUntilClear(sf, run, since, canary);
  if (watch.state === 'passed') {
    run.reportStep('watch passed', watch.detail);
    return { ...result, checks: [...result.checks, ...watch.checks] };
  }
  run.reportStep('watch not passed', watch.detail);
  const failure: OrgResult = {
    ...result,
    status: 'failed',
    checks: [...result.checks, ...watch.checks],
    error: watch.state === 'failed' ? failedDetails(result, watch) : inconclusiveDetails(result, watch),
  };
  return watch.state === 'failed' && run.options.rollBackOnFailure ? undoDeploy(sf, run, failure) : failure;
}

/** The share of verified chats in an org, compared with the limits. */
interface Observation {
  readonly state: 'passed' | 'failed' | 'inconclusive';
  readonly detail: string;
  readonly checks: readonly Check[];
  /** Whether more chats can't change it. */
  readonly isClear: boolean;
}

async function watchUntilClear(sf: Sf, run: OrgRun, since: Date, canary: Canary): Promise<Observation> {
  const limits = { ...canary, maxDrop: 100 };
  for (;;) {
    const left = since.getTime() + canary.durationMs - Date.now();
    const observation = await observe(sf, run, since, limits);
    if (left <= 0 || observation.isClear) return observation;
    run.reportStep('chats', `${observation.detail} ${pluralize(Math.ceil(left / 60_000), 'minute')} left.`);
    await pause(Math.min(POLL_MS, left));
  }
}

/** Counts the chats since a time. An org that doesn't respond is inconclusive: the next count can succeed. */
async function observe(sf: Sf, run: OrgRun, since: Date, limits: ShareLimits): Promise<Observation> {
  const { alias } = run.desired.org;
  try {
    const counts = await countChatsIn(sf, alias, [{ from: since, to: new Date() }]);
    const records = await readChannels(sf, alias);
    const channels = verifiedChannels(run).map((name) => ({ name, now: counts(records.get(name)?.id ?? '') }));
    return evaluateOrg(channels, limits);
  } catch (thrown) {
    const { what, why } = asToolError(thrown);
    return { state: 'inconclusive', detail: `${what} ${why}`, checks: [], isClear: false };
  }
}

/**
 * Decides whether the next wave can start: the org needs enough chats in total, and no channel with enough chats has a share below
 * the minimum. One quiet channel therefore doesn't stop a rollout. `evaluateShare` compares the shares.
 */
function evaluateOrg(
  channels: readonly { readonly name: string; readonly now: ChatCounts }[],
  limits: ShareLimits,
): Observation {
  // Not checks of a verification: no token was sent, so a report must not call the org verified.
  const checks = channels.map(({ name, now }): Check => {
    const { state, detail } = evaluateShare({ now }, limits);
    return { name: `verified chats of ${name}`, ok: state === 'passed', detail, state };
  });
  const total = channels.reduce(
    (sum, { now }) => ({ verified: sum.verified + now.verified, total: sum.total + now.total }),
    { verified: 0, total: 0 },
  );
  const whole = evaluateShare({ now: total }, limits);
  const failed = checks.find(({ state }) => state === 'failed');
  return {
    checks,
    state: failed ? 'failed' : whole.state,
    detail: failed ? `${failed.name}: ${failed.detail}` : whole.detail,
    isClear: [total, ...channels.map(({ now }) => now)].some((counts) => isClearlyBelow(counts, limits)),
  };
}

const failedDetails = ({ alias }: OrgResult, { detail }: Observation): ErrorDetails => ({
  code: 'canary-failed',
  what: `The share of verified chats in "${alias}" is too low.`,
  why: detail,
  fix: `Resolve the cause. ${RESUME_HINT}`,
});

const inconclusiveDetails = ({ alias }: OrgResult, { detail }: Observation): ErrorDetails => ({
  code: 'canary-inconclusive',
  what: `The share of verified chats in "${alias}" is unknown. The org keeps the deploy.`,
  why: detail,
  fix: `Watch again when customers chat. ${RESUME_HINT}`,
});

import { ToolError } from '../errors';
import { componentsOf, type Check, type OrgResult, type Plan } from '../model';
import {
  applyPlan,
  withFinalState,
  waitUntilIdle,
  missingPermissionError,
  transitionFor,
  withLock,
  type Sf,
} from '../org';
import { OrgRun } from './org-run';
import { failedResult, orgResult } from './org-result';
import { readAndPlan, type PlannedOrg } from './plan-fleet';
import { rollBackOrg } from './rollback-org';
import type { RolloutOptions } from './rollout-options';

/** A plan older than this is made again before it is applied, in milliseconds: the org may have moved meanwhile. */
const MAX_PLAN_AGE_MS = 60_000;

/** Applies the plan of one org, with no other run or deployment at work there. Whatever goes wrong becomes its outcome. */
export async function deployOrg(sf: Sf, planned: PlannedOrg, options: RolloutOptions): Promise<OrgResult> {
  if (!effectivePlan(planned, options)) return withVerification(planned, planned.result, options);
  const run = new OrgRun(planned, options);
  try {
    return await withLock(run.lockOptions(sf.home), (waited) =>
      applyToOrg(sf, run, waited).catch((thrown: unknown) => recoverFromFailure(sf, run, thrown)),
    );
  } catch (thrown) {
    return failedResult(run.desired, thrown, run.partialResult());
  }
}

async function applyToOrg(sf: Sf, run: OrgRun, waited: boolean): Promise<OrgResult> {
  const { planned, desired, options, reportStep, timeouts } = run;
  const idle = await waitUntilIdle(sf, desired.org.alias, timeouts.lock, (why) => reportStep('waiting', why));
  const fresh = await replanIfStale(sf, planned, options, waited || idle.waited);
  const plan = effectivePlan(fresh, options);
  if (!plan || !fresh.live) return withVerification(fresh, fresh.result, options);
  const missing = missingPermissionError(desired.org.alias, plan.facts);
  if (missing) throw missing;
  const transition = (run.transition = options.saveSnapshot(plan, transitionFor(plan, fresh.live)));
  const live = await applyPlan(sf, desired, plan, options.apiVersion, reportStep, {
    knownJobIds: idle.knownJobIds,
    timeouts,
  });
  options.saveSnapshot(plan, withFinalState(transition, live));
  const partialResult = run.partialResult();
  const result = plan.changes.length > 0 ? 'changed' : 'unchanged';
  const outcome = orgResult(desired, result, {
    ...partialResult,
    checks: [...partialResult.checks, publishedCheck(plan)],
  });
  const after = { ...fresh, live: { ...fresh.live, ...live }, plan: { ...plan, changes: [] } };
  const verified = await withVerification(after, outcome, options);
  return verified.error && options.rollBackOnFailure
    ? rollBackOrg(sf, { desired, result: verified, transition, jobPending: false }, options, reportStep)
    : verified;
}

/** The outcome of an org at which something was thrown, brought back where that is wanted. */
async function recoverFromFailure(sf: Sf, run: OrgRun, thrown: unknown): Promise<OrgResult> {
  const { desired, transition, options, reportStep, jobPending } = run;
  const result = withUnknownStatus(run, failedResult(desired, thrown, run.partialResult()));
  const mayHaveChanged = transition !== undefined && result.status !== 'unreachable';
  return mayHaveChanged && options.rollBackOnFailure
    ? rollBackOrg(sf, { desired, result, transition, jobPending }, options, reportStep)
    : result;
}

/**
 * An org that something was written to is not merely out of reach, and one in which a deployment may still go on has not
 * merely failed: what it holds is unknown until it is read again.
 */
function withUnknownStatus({ written, jobPending }: OrgRun, result: OrgResult): OrgResult {
  const isUnknown = jobPending || (written && result.status === 'unreachable');
  return isUnknown ? { ...result, status: 'unknown' } : result;
}

/** An outcome with what was shown of the org, where that is wanted and the org came through. An org that was deployed to is not out of reach. */
async function withVerification(
  planned: PlannedOrg,
  outcome: OrgResult,
  { verify, onStep }: RolloutOptions,
): Promise<OrgResult> {
  if (!verify || outcome.error) return outcome;
  onStep(outcome.alias, 'verifying');
  const verified = await verify(planned, outcome);
  return verified.status === 'unreachable' ? { ...verified, status: 'failed' } : verified;
}

/** The plan to apply, or none when there is nothing to do. Publishing by request needs no change. */
export function effectivePlan(
  { plan, desired }: PlannedOrg,
  { publishAll, pendingPublishes }: PublishOptions,
): Plan | undefined {
  if (!plan) return undefined;
  const allDeployments =
    desired.transition?.publish ??
    componentsOf(desired.components, 'EmbeddedServiceConfig').map(({ fullName }) => fullName);
  const requested = publishAll ? allDeployments : (pendingPublishes?.get(plan.org.alias) ?? []);
  const publish = [...new Set([...plan.publish, ...requested])];
  return plan.changes.length > 0 || requested.length > 0 ? { ...plan, publish } : undefined;
}

/** What is published beside what the plan says. */
export type PublishOptions = Pick<RolloutOptions, 'publishAll' | 'pendingPublishes'>;

/**
 * What is deployed is the live component with our values laid over it, so it must not be laid over what the org held a
 * while ago. A plan that is old, or older than what somebody else did, is made again; one that comes out otherwise was never shown to anybody and is refused.
 */
async function replanIfStale(
  sf: Sf,
  planned: PlannedOrg,
  { apiVersion }: RolloutOptions,
  waited: boolean,
): Promise<PlannedOrg> {
  if (!waited && Date.now() - planned.readAt < MAX_PLAN_AGE_MS) return planned;
  const replanned = await readAndPlan(sf, planned.desired, apiVersion);
  if (!replanned.plan || replanned.plan.changes.length === 0 || sameChanges(planned, replanned)) return replanned;
  throw new ToolError('plan-stale', {
    what: `The org "${planned.desired.org.alias}" changed after it was planned. Nothing was sent to it.`,
    why: 'The plan that would be applied now is not the one that was shown.',
    fix: 'Run the deploy again and look at the new plan.',
  });
}

const sameChanges = (one: PlannedOrg, other: PlannedOrg): boolean =>
  JSON.stringify(one.result.changes) === JSON.stringify(other.result.changes);

const publishedCheck = ({ publish }: Plan): Check => ({
  name: 'published',
  ok: true,
  detail: publish.length > 0 ? publish.join(', ') : 'nothing to publish',
});

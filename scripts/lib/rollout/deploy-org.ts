import { ToolError } from '../errors';
import { componentsOf, TRUST_CHECK, type Check, type OrgResult, type Plan } from '../model';
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

/**
 * Applies the plan of one org under its lock, while no other deploy job is running there. This is the only path that changes an org.
 * Never throws: an error becomes the result of the org.
 */
export async function deployOrg(sf: Sf, planned: PlannedOrg, options: RolloutOptions): Promise<OrgResult> {
  const run = new OrgRun(planned, options);
  try {
    if (!effectivePlan(planned, options)) return await withVerification(planned, planned.result, options);
    return await withLock(run.lockOptions(sf.home), () =>
      applyToOrg(sf, run).catch((thrown: unknown) => recoverFromFailure(sf, run, thrown)),
    );
  } catch (thrown) {
    return failedResult(run.desired, thrown, run.partialResult());
  }
}

async function applyToOrg(sf: Sf, run: OrgRun): Promise<OrgResult> {
  const { planned, options, reportStep, timeouts } = run;
  const { alias } = run.desired.org;
  const { knownJobIds } = await waitUntilIdle(sf, alias, timeouts.lock, (why) => reportStep('waiting', why));
  const fresh = await replan(sf, planned, options);
  const plan = effectivePlan(fresh, options);
  if (!plan || !fresh.live) return withVerification(fresh, fresh.result, options);
  const missing = missingPermissionError(alias, plan.facts);
  if (missing) throw missing;
  const transition = (run.transition = options.saveSnapshot(plan, transitionFor(plan, fresh.live)));
  const context = { knownJobIds, timeouts };
  const live = await applyPlan(sf, fresh.desired, plan, options.apiVersion, reportStep, context);
  options.saveSnapshot(plan, withFinalState(transition, live));
  const after = { ...fresh, live: { ...fresh.live, ...live }, plan: { ...plan, changes: [], undeclaredTrust: [] } };
  const verified = await withVerification(after, appliedResult(run, plan), options);
  return verified.error && options.rollBackOnFailure
    ? rollBackOrg(sf, { desired: fresh.desired, result: verified, transition, jobPending: false }, options, reportStep)
    : verified;
}

function appliedResult({ desired, partialResult }: OrgRun, plan: Plan): OrgResult {
  const { checks, ...details } = partialResult();
  const status = plan.changes.length > 0 ? 'changed' : 'unchanged';
  // The org was read back, so the plan has revoked what its trust check names.
  const remaining = checks.filter(({ name }) => name !== TRUST_CHECK);
  return orgResult(desired, status, { ...details, checks: [...remaining, publishedCheck(plan)] });
}

/** The result of an org after an error. The org is rolled back if that is wanted and something may have been written. */
async function recoverFromFailure(sf: Sf, run: OrgRun, thrown: unknown): Promise<OrgResult> {
  const { desired, transition, options, reportStep, jobPending } = run;
  const result = withUnknownStatus(run, failedResult(desired, thrown, run.partialResult()));
  const mayHaveChanged = transition !== undefined && result.status !== 'unreachable';
  return mayHaveChanged && options.rollBackOnFailure
    ? rollBackOrg(sf, { desired, result, transition, jobPending }, options, reportStep)
    : result;
}

/**
 * The status is `unknown` while a deploy job may still be running, and if an org became unreachable after it may have been changed:
 * its live state is unknown until it is read again.
 */
function withUnknownStatus({ written, jobPending }: OrgRun, result: OrgResult): OrgResult {
  const isUnknown = jobPending || (written && result.status === 'unreachable');
  return isUnknown ? { ...result, status: 'unknown' } : result;
}

/** The result with the checks of `verify`, if there is one and the org didn't fail before. An org that was just read isn't unreachable. */
async function withVerification(
  planned: PlannedOrg,
  result: OrgResult,
  { verify, onStep }: RolloutOptions,
): Promise<OrgResult> {
  if (!verify || result.error) return result;
  onStep(result.alias, 'verifying');
  const verified = await verify(planned, result);
  return verified.status === 'unreachable' ? { ...verified, status: 'failed' } : verified;
}

/** The plan to apply, or undefined if there is nothing to do. A requested publication needs no change. */
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

/** Chat deployments to publish in addition to the plan. */
export type PublishOptions = Pick<RolloutOptions, 'publishAll' | 'pendingPublishes'>;

/**
 * Reads and plans the org again, under the lock and immediately before the submission: a deploy overwrites whole components, so
 * it must not rest on an earlier read. Throws `plan-stale` if the changes aren't the ones that were shown. An org that needs no
 * change any more is returned as it is.
 */
async function replan(sf: Sf, planned: PlannedOrg, options: RolloutOptions): Promise<PlannedOrg> {
  const { desired, targetFrom } = planned;
  const replanned = await readAndPlan(sf, desired, options.apiVersion, { targetFrom });
  if (!replanned.plan || replanned.plan.changes.length === 0 || hasSameChanges(planned, replanned)) return replanned;
  throw new ToolError('plan-stale', {
    what: `The org "${desired.org.alias}" changed after it was planned. Nothing was sent to it.`,
    why: 'The plan that would be applied now differs from the plan that was shown.',
    fix: `Review the new plan, then run: ${options.resumeCommand}`,
  });
}

const hasSameChanges = (one: PlannedOrg, other: PlannedOrg): boolean =>
  JSON.stringify(one.result.changes) === JSON.stringify(other.result.changes);

const publishedCheck = ({ publish }: Plan): Check => ({
  name: 'published',
  ok: true,
  detail: publish.length > 0 ? publish.join(', ') : 'nothing to publish',
});

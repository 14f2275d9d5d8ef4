import { asToolError, ToolError } from '../errors';
import {
  componentsOf,
  hasItem,
  KEPT_ITEMS_CHECK,
  TRUST_CHECK,
  type Check,
  type DesiredState,
  type LiveState,
  type OrgResult,
  type Plan,
} from '../model';
import {
  applyPlan,
  assertOrgId,
  withFinalState,
  waitUntilIdle,
  missingPermissionError,
  transitionFor,
  undeclaredTrustOf,
  withLock,
  type IdleOrg,
  type ReadPlan,
  type Sf,
} from '../org';
import { mergeTransitions } from '../plan';
import { OrgRun } from './org-run';
import { failedResult, orgResult, trustChecks } from './org-result';
import { planFromRead, type PlannedOrg, type ReadOrg } from './plan-fleet';
import { rollBackOrg } from './rollback-org';
import type { RolloutOptions } from './rollout-options';
import { trustToRecord } from './trust-record';

/**
 * Applies the plan of one org under its lock, while no other deploy job is running there. This is the only path that changes an org.
 * Never throws: an error becomes the result of the org.
 */
export async function deployOrg(sf: Sf, run: OrgRun): Promise<OrgResult> {
  const { planned, options } = run;
  try {
    if (!effectivePlan(planned, options)) {
      if (planned.live) recordTrust(run, planned.desired, planned.live);
      return await withVerification(planned, planned.result, options);
    }
    return await withLock(run.lockOptions(sf.home), () =>
      applyToOrg(sf, run).catch((thrown: unknown) => recoverFromFailure(sf, run, thrown)),
    );
  } catch (thrown) {
    return failedResult(run.desired, thrown, run.partialResult());
  }
}

async function applyToOrg(sf: Sf, run: OrgRun): Promise<OrgResult> {
  const { planned, options, reportStep, timeouts } = run;
  const first = await readAgain(sf, run);
  const plan = planToApply(run, first);
  if (!plan) {
    recordTrust(run, first.fresh.desired, first.fresh.live);
    return withVerification(first.fresh, first.fresh.result, options);
  }
  const missing = missingPermissionError(plan.org.alias, plan.facts);
  if (missing) throw missing;
  let current = readyPlan(run, first);
  const replan = async (): Promise<ReadPlan> => (current = readyPlan(run, await readAgain(sf, run)));
  const context = { apiVersion: options.apiVersion, reportStep, timeouts, replan };
  const live = await applyPlan(sf, current, context);
  if (run.transition) options.saveSnapshot(planned.plan ?? plan, withFinalState(run.transition, live));
  const { fresh } = current;
  recordTrust(run, fresh.desired, live);
  const undeclaredTrust = undeclaredTrustOf(fresh.desired, live.components);
  const after = {
    ...fresh,
    readAt: Date.now(),
    live: { ...fresh.live, ...live },
    plan: { ...current.plan, changes: [], undeclaredTrust },
  };
  const result = appliedResult(run, { ...current.plan, undeclaredTrust }, live);
  const verified = await withVerification(after, result, options);
  return verified.error && options.rollBackOnFailure ? rollBack(sf, run, verified) : verified;
}

/** Records the trust that the run leaves in its org. A later rollback restores only what a run left. */
function recordTrust({ options, transition }: OrgRun, desired: DesiredState, live: LiveState): void {
  const record = trustToRecord(desired, live, transition);
  if (record) options.recordTrust?.(desired.org, record);
}

/** An org that was read under its lock, and the deploy jobs that it listed before that. */
interface FreshRead extends Pick<IdleOrg, 'jobs' | 'knownJobIds'> {
  readonly fresh: ReadOrg;
}

/**
 * Waits until no deploy job runs in the org, and reads and plans it again: a deploy overwrites whole components, so it must not
 * rest on an earlier read. Throws `plan-stale` if the changes aren't the ones that were shown. An org that needs no change any
 * more is returned as it is.
 */
async function readAgain(sf: Sf, run: OrgRun): Promise<FreshRead> {
  const { planned, options, reportStep, timeouts } = run;
  const { alias } = run.desired.org;
  const idle = await waitUntilIdle(sf, alias, timeouts.lock, (why) => reportStep('waiting', why));
  const known = { targetFrom: planned.targetFrom, facts: planned.live?.facts };
  const fresh = await planFromRead(sf, planned.desired, options.apiVersion, known);
  const { changes } = fresh.result;
  const isPlanned = changes.length > 0 && run.isStillPlanned(changes);
  // The planned changes are sent only after a check of the org ID. Any other result can come from another org.
  if (!isPlanned && known.facts) await assertOrgId(sf, planned.desired.org);
  if (changes.length > 0 && !isPlanned) throw staleError(run);
  return { ...idle, fresh };
}

/**
 * The plan for an org that was read again; undefined if there is nothing to do. An org that needs no change any more got it from
 * another run, which may have been lost before it published.
 */
function planToApply({ planned, options }: OrgRun, { fresh, jobs }: FreshRead): Plan | undefined {
  const plan = effectivePlan(fresh, options);
  if (plan || !planned.plan) return plan;
  const { publish: names, org } = planned.plan;
  const publish = options.findUnpublished?.(org.orgId, names, jobs) ?? names;
  return publish.length > 0 ? { ...fresh.plan, publish } : undefined;
}

/** The plan to apply now. Its snapshot is on disk when this returns. */
function readyPlan(run: OrgRun, read: FreshRead): ReadPlan & FreshRead {
  const { options, planned } = run;
  const { fresh } = read;
  const plan = planToApply(run, read) ?? fresh.plan;
  const transition = transitionFor(plan, fresh.live);
  const whole = run.transition && run.changed ? mergeTransitions(run.transition, transition) : transition;
  run.transition = options.saveSnapshot(planned.plan ?? plan, whole);
  return { ...read, desired: fresh.desired, plan };
}

/**
 * The result of a plan that was applied. The plan names the trust that is left: a saved plan doesn't revoke what was added later.
 */
function appliedResult(run: OrgRun, plan: Plan, live: LiveState): OrgResult {
  const { checks, ...details } = run.partialResult();
  const status = run.changed ? 'changed' : 'unchanged';
  const others = checks.filter(({ name }) => name !== TRUST_CHECK);
  return orgResult(run.desired, status, {
    ...details,
    checks: [...trustChecks(plan), ...others, publishedCheck(plan), ...keptItemsChecks(plan, live)],
  });
}

/** The result of an org after an error. The org is rolled back if that is wanted and this run may have changed it. */
async function recoverFromFailure(sf: Sf, run: OrgRun, thrown: unknown): Promise<OrgResult> {
  const result = withUnknownStatus(run, failedResult(run.desired, thrown, run.partialResult()));
  return run.options.rollBackOnFailure && result.status !== 'unreachable' ? rollBack(sf, run, result) : result;
}

/** Rolls an org back after its run failed. An org that this run didn't change can contain changes of others, and isn't written to. */
async function rollBack(sf: Sf, run: OrgRun, result: OrgResult): Promise<OrgResult> {
  const { desired, transition, options, reportStep, jobPending, changed } = run;
  if (!transition || (!changed && !jobPending)) return result;
  return rollBackOrg(sf, { desired, result, transition, jobPending }, options, reportStep);
}

/**
 * Rolls back an org whose deploy succeeded and whose share of verified chats is too low. After a resume, the snapshot of the run
 * contains the previous state of the org.
 */
export async function undoDeploy(sf: Sf, run: OrgRun, result: OrgResult): Promise<OrgResult> {
  const { desired, options, reportStep } = run;
  const transition = run.transition ?? options.readTransition?.(desired.org.alias);
  if (!transition) return result;
  return withLock(run.lockOptions(sf.home), () =>
    rollBackOrg(sf, { desired, result, transition, jobPending: false }, options, reportStep),
  ).catch((thrown: unknown) => ({
    ...result,
    checks: [...result.checks, { name: 'rolled back', ok: false, detail: asToolError(thrown).what }],
  }));
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
  { plan, desired: { components } }: PlannedOrg,
  { publishAll, pendingPublishes }: PublishOptions,
): Plan | undefined {
  if (!plan) return undefined;
  const requested = publishAll
    ? componentsOf(components, 'EmbeddedServiceConfig').map(({ fullName }) => fullName)
    : (pendingPublishes?.get(plan.org.alias) ?? []);
  const publish = [...new Set([...plan.publish, ...requested])];
  return plan.changes.length > 0 || requested.length > 0 ? { ...plan, publish } : undefined;
}

/** Chat deployments to publish in addition to the plan. */
export type PublishOptions = Pick<RolloutOptions, 'publishAll' | 'pendingPublishes'>;

function staleError(run: OrgRun): ToolError {
  const { alias } = run.desired.org;
  return new ToolError('plan-stale', {
    what: `The org "${alias}" changed after it was planned. ${run.sentText()}`,
    why: 'The plan that would be applied now differs from the plan that was shown.',
    fix: `Review the new plan, then run: ${run.options.resumeCommand}`,
  });
}

/** Names what the plan removed or deleted and Salesforce kept. It's disabled or inactive, so it verifies nobody. */
function keptItemsChecks({ changes }: Plan, live: LiveState): readonly Check[] {
  const kept = changes.filter(({ component, action, path, to }) => {
    const now = live.components.get(component);
    return path === '' ? action === 'delete' && now !== undefined : to === null && hasItem(now, path);
  });
  const names = kept.map(({ component, path }) => `${component} ${path}`.trim()).join(', ');
  return kept.length === 0 ? [] : [{ name: KEPT_ITEMS_CHECK, ok: true, detail: names }];
}

const publishedCheck = ({ publish }: Plan): Check => ({
  name: 'published',
  ok: true,
  detail: publish.length > 0 ? publish.join(', ') : 'nothing to publish',
});

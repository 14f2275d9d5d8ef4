import { asToolError } from '../errors';
import { replaceExactly } from '../metadata';
import {
  mapOf,
  invertTransition,
  restoredTrust,
  stateAfter,
  withoutUndeclaredTrust,
  keyOf,
  type Component,
  type DesiredState,
  type ErrorDetails,
  type OrgResult,
  type Transition,
} from '../model';
import {
  applyPlan,
  isApplied,
  findConflicts,
  waitUntilIdle,
  DEFAULT_TIMEOUTS,
  type LiveOrg,
  type ReadPlan,
  type ReportStep,
  type Sf,
} from '../org';
import { diffComponents } from '../plan';
import { restoredTrustChecks } from './org-result';
import { planFromRead, type ReadOrg } from './plan-fleet';
import type { RolloutOptions } from './rollout-options';
import { trustToRecord } from './trust-record';

/** The desired state that undoes a transition. With `ignoreConflicts`, later changes to the same settings are overwritten. */
export function rollbackTarget(
  { org, compromised }: Pick<DesiredState, 'org' | 'compromised'>,
  transition: Transition,
  ignoreConflicts: boolean,
): DesiredState {
  const inverse = { ...invertTransition(transition), ignoreConflicts };
  return {
    org,
    compromised,
    components: mapOf([...inverse.to.components.values()].filter((each) => each !== null)),
    transition: inverse,
  };
}

/** The rollback of an org as it is now. Trust that source didn't declare before the run is restored only if it's accepted. */
export function withAcceptedTrust(rollback: DesiredState, live: LiveOrg, accepted: boolean): DesiredState {
  const { transition } = rollback;
  if (!transition) return rollback;
  const narrower = withoutUndeclaredTrust(transition, live);
  const restored = {
    accepted,
    kept: keptSettings(transition, narrower, live),
    trust: restoredTrust(transition, narrower, live.components),
    ...(transition.trustBefore && { recordedAt: transition.trustBefore.recordedAt }),
  };
  if (!accepted) return { ...rollback, restored, transition: narrower };
  // An earlier rollback without the trust isn't a conflict.
  return isApplied(narrower, live)
    ? { ...rollback, restored, transition: { ...transition, ignoreConflicts: true } }
    : { ...rollback, restored };
}

/** The settings that a rollback restores, and a narrower one doesn't. */
function keptSettings(rollback: Transition, narrower: Transition, { components }: LiveOrg): readonly string[] {
  const [all, fewer] = [stateAfter(rollback, components), stateAfter(narrower, components)];
  const restored = [...all.values()].map((component): Component => {
    const other = fewer.get(keyOf(component));
    return other ? { ...component, root: replaceExactly(other.root, component.root) } : component;
  });
  const settings = diffComponents(fewer, mapOf(restored)).map(({ component, path }) => `${component} ${path}`.trim());
  const deleted = [...fewer.keys()].filter((key) => !all.has(key));
  const channels = [...rollback.to.channels.keys()].filter((name) => !narrower.to.channels.has(name));
  return [...settings, ...deleted, ...channels.map((name) => `MessagingChannel:${name} isActive`)];
}

/** A deploy to one org that failed after something may have been written. */
export interface FailedDeploy {
  readonly desired: DesiredState;
  readonly result: OrgResult;
  readonly transition: Transition;
  /** Whether its deploy job may still be running. */
  readonly jobPending: boolean;
}

/**
 * Rolls an org back after its deploy failed. The result describes the rollback and stays a failure. The deploy was seconds ago, so
 * conflicts are overwritten, and the result names them. Undeclared trust isn't restored: an intruder who makes a verification
 * fail could restore it that way. While the deploy job may still be running, the org is rolled back only if it contains everything
 * that was sent: then the job has finished.
 */
export async function rollBackOrg(
  sf: Sf,
  failure: FailedDeploy,
  options: RolloutOptions,
  reportStep: ReportStep,
): Promise<OrgResult> {
  const { result } = failure;
  const note = await restore(sf, failure, options, reportStep).catch((thrown: unknown) =>
    failedRollback(asToolError(thrown)),
  );
  const checks = [...result.checks, { name: 'rolled back', ...note }];
  const { error } = result;
  return {
    ...result,
    checks,
    ...(note.ok && { status: 'failed' }),
    ...(error && { error: { ...error, what: `${error.what} ${note.detail}` } }),
  };
}

interface RollbackNote {
  readonly ok: boolean;
  readonly detail: string;
}

async function restore(
  sf: Sf,
  { desired, transition, jobPending }: FailedDeploy,
  { apiVersion, timeouts = DEFAULT_TIMEOUTS, recordTrust }: RolloutOptions,
  reportStep: ReportStep,
): Promise<RollbackNote> {
  const target = rollbackTarget(desired, transition, true);
  const targetFrom = (live: LiveOrg): DesiredState => withAcceptedTrust(target, live, false);
  if (jobPending && !isApplied(transition, (await planFromRead(sf, target, apiVersion)).live))
    return { ok: false, detail: "The org wasn't rolled back, because the result of its deploy is unknown." };
  let fresh: ReadOrg | undefined;
  const replan = async (): Promise<ReadPlan> => {
    const onWait = (why: string): void => reportStep('waiting', why);
    const { knownJobIds } = await waitUntilIdle(sf, target.org.alias, timeouts.lock, onWait);
    fresh = await planFromRead(sf, target, apiVersion, { targetFrom });
    return { desired: fresh.desired, plan: fresh.plan, knownJobIds };
  };
  const read = await replan();
  const kept = restoredTrustChecks(read.desired.restored).map(({ detail }) => ` ${detail}`);
  if (read.plan.changes.length === 0)
    return { ok: true, detail: ['The org contains what it contained before.', ...kept].join('') };
  const live = await applyPlan(sf, read, { apiVersion, reportStep, timeouts, replan });
  const record = trustToRecord(read.desired, live, transition);
  if (record) recordTrust?.(target.org, record);
  const conflicts = fresh && target.transition ? findConflicts(target.transition, fresh.live) : [];
  const overwritten = conflicts.length > 0 ? ` Overwritten changes: ${conflicts.join('; ')}.` : '';
  return {
    ok: true,
    detail: ['The org was rolled back and contains what it contained before.', overwritten, ...kept].join(''),
  };
}

const failedRollback = ({ what, why }: Pick<ErrorDetails, 'what' | 'why'>): RollbackNote => ({
  ok: false,
  detail: `The org wasn't rolled back: ${what} ${why}`,
});

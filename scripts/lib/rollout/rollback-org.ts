import { asToolError } from '../errors';
import {
  mapOf,
  invertTransition,
  type DesiredState,
  type ErrorDetails,
  type OrgResult,
  type Transition,
} from '../model';
import { applyPlan, isApplied, findConflicts, DEFAULT_TIMEOUTS, type ReportStep, type Sf } from '../org';
import { readAndPlan } from './plan-fleet';
import type { RolloutOptions } from './rollout-options';

/** What an org should be again: as it was before a way was gone. With `over`, whatever happened to it since. */
export function rollbackTarget(
  { org }: Pick<DesiredState, 'org'>,
  transition: Transition,
  ignoreConflicts: boolean,
): DesiredState {
  const inverse = { ...invertTransition(transition), ignoreConflicts };
  return {
    org,
    components: mapOf([...inverse.to.components.values()].filter((each) => each !== null)),
    transition: inverse,
  };
}

/** A deploy that failed at one org after something may have been written to it. */
export interface FailedDeploy {
  readonly desired: DesiredState;
  readonly result: OrgResult;
  readonly transition: Transition;
  /** Whether its deployment may still go on. */
  readonly jobPending: boolean;
}

/**
 * Brings an org back after its deploy failed; the outcome says what came of it, and stays a failure. What the deploy wrote is
 * taken back whatever it holds by now, for that is seconds ago; what was neither as before nor as sent is named. While a
 * deployment may still go on, nothing is done: only an org that holds all that was sent is known to be through.
 */
export async function rollBackOrg(
  sf: Sf,
  failure: FailedDeploy,
  options: RolloutOptions,
  reportStep: ReportStep,
): Promise<OrgResult> {
  const { result } = failure;
  const note = await restore(sf, failure, options, reportStep).catch((thrown: unknown) =>
    notRolledBack(asToolError(thrown)),
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
  { apiVersion, timeouts = DEFAULT_TIMEOUTS }: RolloutOptions,
  reportStep: ReportStep,
): Promise<RollbackNote> {
  const target = rollbackTarget(desired, transition, true);
  const { plan, live, result: planned } = await readAndPlan(sf, target, apiVersion);
  if (planned.error) return notRolledBack(planned.error);
  if (!plan || !live) return { ok: false, detail: 'It was not rolled back, for it was not read.' };
  if (jobPending && !isApplied(transition, live))
    return { ok: false, detail: 'It was not rolled back, for its deployment may still go on.' };
  if (plan.changes.length === 0) return { ok: true, detail: 'The org holds what it held before.' };
  const conflicts = target.transition ? findConflicts(target.transition, live) : [];
  await applyPlan(sf, target, plan, apiVersion, reportStep, { timeouts });
  const overwritten = conflicts.length > 0 ? ` Overwritten on the way back: ${conflicts.join('; ')}.` : '';
  return { ok: true, detail: `The org was rolled back and holds what it held before.${overwritten}` };
}

const notRolledBack = ({ what, why }: Pick<ErrorDetails, 'what' | 'why'>): RollbackNote => ({
  ok: false,
  detail: `It was not rolled back: ${what} ${why}`,
});

import { asToolError } from '../errors';
import { mapOf, wayBack, type Desired, type Fault, type Outcome, type Way } from '../model';
import { applyPlan, isArrived, movedFrom, PATIENCE, type Progress, type Sf } from '../org';
import { planOne } from './plan-fleet';
import type { Rollout } from './rollout';

/** What an org should be again: as it was before a way was gone. With `over`, whatever happened to it since. */
export function desiredBack({ org }: Pick<Desired, 'org'>, way: Way, over: boolean): Desired {
  const back = { ...wayBack(way), over };
  return { org, components: mapOf([...back.to.components.values()].filter((each) => each !== null)), way: back };
}

/** A deploy that failed at one org after something may have been written to it. */
export interface Failure {
  readonly desired: Desired;
  readonly outcome: Outcome;
  readonly way: Way;
  /** Whether its deployment may still go on. */
  readonly underWay: boolean;
}

/**
 * Brings an org back after its deploy failed; the outcome says what came of it, and stays a failure. What the deploy wrote is
 * taken back whatever it holds by now, for that is seconds ago; what was neither as before nor as sent is named. While a
 * deployment may still go on, nothing is done: only an org that holds all that was sent is known to be through.
 */
export async function rollBack(sf: Sf, failure: Failure, rollout: Rollout, progress: Progress): Promise<Outcome> {
  const { outcome } = failure;
  const told = await goBack(sf, failure, rollout, progress).catch((thrown: unknown) => notBack(asToolError(thrown)));
  const checks = [...outcome.checks, { name: 'rolled back', ...told }];
  const { error } = outcome;
  return {
    ...outcome,
    checks,
    ...(told.ok && { outcome: 'failed' }),
    ...(error && { error: { ...error, what: `${error.what} ${told.detail}` } }),
  };
}

interface Told {
  readonly ok: boolean;
  readonly detail: string;
}

async function goBack(
  sf: Sf,
  { desired, way, underWay }: Failure,
  { apiVersion, patience = PATIENCE }: Rollout,
  progress: Progress,
): Promise<Told> {
  const back = desiredBack(desired, way, true);
  const { plan, live, outcome: planned } = await planOne(sf, back, apiVersion);
  if (planned.error) return notBack(planned.error);
  if (!plan || !live) return { ok: false, detail: 'It was not rolled back, for it was not read.' };
  if (underWay && !isArrived(way, live))
    return { ok: false, detail: 'It was not rolled back, for its deployment may still go on.' };
  if (plan.changes.length === 0) return { ok: true, detail: 'The org holds what it held before.' };
  const moved = back.way ? movedFrom(back.way, live) : [];
  await applyPlan(sf, back, plan, apiVersion, progress, { patience });
  const over = moved.length > 0 ? ` Overwritten on the way back: ${moved.join('; ')}.` : '';
  return { ok: true, detail: `The org was rolled back and holds what it held before.${over}` };
}

const notBack = ({ what, why }: Pick<Fault, 'what' | 'why'>): Told => ({
  ok: false,
  detail: `It was not rolled back: ${what} ${why}`,
});

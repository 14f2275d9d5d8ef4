import { ToolError } from '../errors';
import { componentsOf, type Check, type Outcome, type Plan } from '../model';
import { applyPlan, arrived, awaitFree, missingPermission, wayOf, withLock, type Sf } from '../org';
import { OneRun } from './one-run';
import { failed, outcomeOf } from './outcome';
import { planOne, type Planned } from './plan-fleet';
import { rollBack } from './roll-back';
import type { Rollout } from './rollout';

/** A plan older than this is made again before it is applied, in milliseconds: the org may have moved meanwhile. */
const FRESH = 60_000;

/** Applies the plan of one org, with no other run or deployment at work there. Whatever goes wrong becomes its outcome. */
export async function deployOne(sf: Sf, planned: Planned, rollout: Rollout): Promise<Outcome> {
  if (!toApply(planned, rollout)) return proven(planned, planned.outcome, rollout);
  const run = new OneRun(planned, rollout);
  try {
    return await withLock(run.lock(sf.home), (waited) =>
      applyOne(sf, run, waited).catch((thrown: unknown) => brokenOff(sf, run, thrown)),
    );
  } catch (thrown) {
    return failed(run.desired, thrown, run.told());
  }
}

async function applyOne(sf: Sf, run: OneRun, waited: boolean): Promise<Outcome> {
  const { planned, desired, rollout, progress, patience } = run;
  const free = await awaitFree(sf, desired.org.alias, patience.busy, (why) => progress('waiting', why));
  const fresh = await refreshed(sf, planned, rollout, waited || free.waited);
  const plan = toApply(fresh, rollout);
  if (!plan || !fresh.live) return proven(fresh, fresh.outcome, rollout);
  const missing = missingPermission(desired.org.alias, plan.facts);
  if (missing) throw missing;
  const way = (run.way = rollout.keep(plan, wayOf(plan, fresh.live)));
  const live = await applyPlan(sf, desired, plan, rollout.apiVersion, progress, { known: free.known, patience });
  rollout.keep(plan, arrived(way, live));
  const told = run.told();
  const result = plan.changes.length > 0 ? 'changed' : 'unchanged';
  const outcome = outcomeOf(desired, result, { ...told, checks: [...told.checks, published(plan)] });
  const after = { ...fresh, live: { ...fresh.live, ...live }, plan: { ...plan, changes: [] } };
  const held = await proven(after, outcome, rollout);
  return held.error && rollout.rollBack
    ? rollBack(sf, { desired, outcome: held, way, underWay: false }, rollout, progress)
    : held;
}

/** The outcome of an org at which something was thrown, brought back where that is wanted. */
async function brokenOff(sf: Sf, run: OneRun, thrown: unknown): Promise<Outcome> {
  const { desired, way, rollout, progress, underWay } = run;
  const outcome = asKnown(run, failed(desired, thrown, run.told()));
  const touched = way !== undefined && outcome.outcome !== 'unreachable';
  return touched && rollout.rollBack ? rollBack(sf, { desired, outcome, way, underWay }, rollout, progress) : outcome;
}

/**
 * An org that something was written to is not merely out of reach, and one in which a deployment may still go on has not
 * merely failed: what it holds is unknown until it is read again.
 */
function asKnown({ written, underWay }: OneRun, outcome: Outcome): Outcome {
  const unknown = underWay || (written && outcome.outcome === 'unreachable');
  return unknown ? { ...outcome, outcome: 'unknown' } : outcome;
}

/** An outcome with what was shown of the org, where that is wanted and the org came through. An org that was deployed to is not out of reach. */
async function proven(planned: Planned, outcome: Outcome, { prove, progress }: Rollout): Promise<Outcome> {
  if (!prove || outcome.error) return outcome;
  progress(outcome.alias, 'verifying');
  const held = await prove(planned, outcome);
  return held.outcome === 'unreachable' ? { ...held, outcome: 'failed' } : held;
}

/** The plan to apply, or none when there is nothing to do. Publishing by request needs no change. */
export function toApply({ plan, desired }: Planned, { publishAll, unpublished }: PublishWish): Plan | undefined {
  if (!plan) return undefined;
  const all =
    desired.way?.publish ?? componentsOf(desired.components, 'EmbeddedServiceConfig').map(({ fullName }) => fullName);
  const asked = publishAll ? all : (unpublished?.get(plan.org.alias) ?? []);
  const publish = [...new Set([...plan.publish, ...asked])];
  return plan.changes.length > 0 || asked.length > 0 ? { ...plan, publish } : undefined;
}

/** What is published beside what the plan says. */
export type PublishWish = Pick<Rollout, 'publishAll' | 'unpublished'>;

/**
 * What is deployed is the live component with our values laid over it, so it must not be laid over what the org held a
 * while ago. A plan that is old, or older than what somebody else did, is made again; one that comes out otherwise was never shown to anybody and is refused.
 */
async function refreshed(sf: Sf, planned: Planned, { apiVersion }: Rollout, waited: boolean): Promise<Planned> {
  if (!waited && Date.now() - planned.at < FRESH) return planned;
  const again = await planOne(sf, planned.desired, apiVersion);
  if (!again.plan || again.plan.changes.length === 0 || sameChanges(planned, again)) return again;
  throw new ToolError('plan-stale', {
    what: `The org "${planned.desired.org.alias}" changed after it was planned. Nothing was sent to it.`,
    why: 'The plan that would be applied now is not the one that was shown.',
    fix: 'Run the deploy again and look at the new plan.',
  });
}

const sameChanges = (one: Planned, other: Planned): boolean =>
  JSON.stringify(one.outcome.changes) === JSON.stringify(other.outcome.changes);

const published = ({ publish }: Plan): Check => ({
  name: 'published',
  ok: true,
  detail: publish.length > 0 ? publish.join(', ') : 'nothing to publish',
});

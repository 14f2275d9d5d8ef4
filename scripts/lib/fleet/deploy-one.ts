import { ToolError } from '../errors';
import { componentsOf, type Check, type Outcome, type Plan, type Way } from '../model';
import { applyPlan, arrived, missingPermission, wayOf, type Progress, type Sf } from '../org';
import { failed, outcomeOf } from './outcome';
import { planOne, type Planned } from './plan-fleet';
import { rollBack } from './roll-back';
import type { Rollout } from './rollout';

/** A plan older than this is made again before it is applied, in milliseconds: the org may have moved meanwhile. */
const FRESH = 60_000;

/** Applies the plan of one org. Whatever goes wrong becomes its outcome. */
export async function deployOne(sf: Sf, planned: Planned, rollout: Rollout): Promise<Outcome> {
  const { desired } = planned;
  const deployIds: string[] = [];
  const progress: Progress = (step, detail) => {
    if (step === 'submitted' && detail) deployIds.push(detail);
    rollout.progress(desired.org.alias, step, detail);
  };
  const rest = { changes: planned.outcome.changes, checks: planned.outcome.checks, deployIds };
  let way: Way | undefined;
  try {
    const fresh = await refreshed(sf, planned, rollout);
    const plan = toApply(fresh, rollout);
    if (!plan || !fresh.live) return await proven(fresh, fresh.outcome, rollout);
    const missing = missingPermission(desired.org.alias, plan.facts);
    if (missing) throw missing;
    way = rollout.keep(plan, wayOf(plan, fresh.live));
    const live = await applyPlan(sf, desired, plan, rollout.apiVersion, progress);
    rollout.keep(plan, arrived(way, live));
    const result = plan.changes.length > 0 ? 'changed' : 'unchanged';
    const outcome = outcomeOf(desired, result, { ...rest, checks: [...rest.checks, published(plan)] });
    const held = await proven(
      { ...fresh, live: { ...fresh.live, ...live }, plan: { ...plan, changes: [] } },
      outcome,
      rollout,
    );
    return held.error && rollout.rollBack ? rollBack(sf, { desired, outcome: held, way }, rollout, progress) : held;
  } catch (thrown) {
    const outcome = afterSubmission(failed(desired, thrown, rest));
    const touched = way !== undefined && outcome.outcome !== 'unreachable';
    return way && touched && rollout.rollBack ? rollBack(sf, { desired, outcome, way }, rollout, progress) : outcome;
  }
}

/** An outcome with what was shown of the org, where that is wanted and the org came through. An org that was deployed to is not out of reach. */
async function proven(planned: Planned, outcome: Outcome, { prove, progress }: Rollout): Promise<Outcome> {
  if (!prove || outcome.error) return outcome;
  progress(outcome.alias, 'verifying');
  const held = await prove(planned, outcome);
  return held.outcome === 'unreachable' ? { ...held, outcome: 'failed' } : held;
}

/** An org that something was deployed to is not merely out of reach: what it holds is unknown until it is read again. */
const afterSubmission = (outcome: Outcome): Outcome =>
  outcome.outcome === 'unreachable' && outcome.deployIds.length > 0 ? { ...outcome, outcome: 'unknown' } : outcome;

/** The plan to apply, or none when there is nothing to do. Publishing by request needs no change. */
function toApply({ plan, desired }: Planned, { publishAll }: Rollout): Plan | undefined {
  if (!plan) return undefined;
  const all =
    desired.way?.publish ?? componentsOf(desired.components, 'EmbeddedServiceConfig').map(({ fullName }) => fullName);
  const publish = publishAll ? all : plan.publish;
  return plan.changes.length > 0 || (publishAll && publish.length > 0) ? { ...plan, publish } : undefined;
}

/**
 * What is deployed is the live component with our values laid over it, so it must not be laid over what the org held a
 * while ago. An old plan is made again; one that comes out otherwise was never shown to anybody and is refused.
 */
async function refreshed(sf: Sf, planned: Planned, { apiVersion }: Rollout): Promise<Planned> {
  const isIdle = !planned.plan || planned.plan.changes.length === 0;
  if (isIdle || Date.now() - planned.at < FRESH) return planned;
  const again = await planOne(sf, planned.desired, apiVersion);
  if (!again.plan || sameChanges(planned, again)) return again;
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

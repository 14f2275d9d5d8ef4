import { ToolError } from '../errors';
import type { Desired, OrgConfig, Outcome, Plan } from '../model';
import { movedFrom, planOrg, readOrg, verifyIdentity, type LiveOrg, type Sf } from '../org';
import { bounded } from './bounded';
import { checksOf, failed, outcomeOf } from './outcome';

/** One org of a planned fleet: its plan and what it was made from, or why there is none. */
export interface Planned {
  readonly desired: Desired;
  readonly outcome: Outcome;
  readonly plan?: Plan;
  readonly live?: LiveOrg;
  /** When the org was read, in milliseconds since 1970. */
  readonly at: number;
}

/** How a fleet is planned. */
export interface Planning {
  readonly apiVersion: string;
  /** Orgs at once; all of them unless stated. */
  readonly concurrency?: number | undefined;
  /** Done at each org before it is read; what it throws becomes the outcome of the org. */
  readonly before?: ((sf: Sf, org: OrgConfig) => Promise<void>) | undefined;
  /** Told of each org that is planned. */
  readonly done: (outcome: Outcome) => void;
}

/** Plans the orgs of a fleet. An org that cannot be planned does not keep the others from it. Nothing is written. */
export const planFleet = (sf: Sf, orgs: readonly Desired[], planning: Planning): Promise<readonly Planned[]> =>
  bounded(orgs, planning.concurrency ?? orgs.length, async (desired) => {
    const planned = await planOne(sf, desired, planning.apiVersion, planning.before);
    planning.done(planned.outcome);
    return planned;
  });

/** Plans one org; what goes wrong becomes its outcome. */
export async function planOne(
  sf: Sf,
  desired: Desired,
  apiVersion: string,
  before?: Planning['before'],
): Promise<Planned> {
  let at = Date.now();
  try {
    await before?.(sf, desired.org);
    at = Date.now();
    return { at, ...planFrom(desired, await readOrg(sf, desired, apiVersion)) };
  } catch (thrown) {
    return { desired, at, outcome: failed(desired, thrown) };
  }
}

function planFrom(desired: Desired, live: LiveOrg): Omit<Planned, 'at'> {
  verifyIdentity(desired.org, live.facts);
  verifyExisting(desired, live);
  const plan = planOrg(desired, live);
  if (plan.changes.length > 0) verifyUnmoved(desired, live);
  const rest = { changes: plan.changes, checks: checksOf(plan) };
  const outcome = outcomeOf(desired, plan.changes.length > 0 ? 'planned' : 'unchanged', rest);
  return { desired, live, plan, outcome };
}

/** A plan that was sealed, or kept for going back, is for an org as it was then. Nothing is planned anew behind anybody's back. */
function verifyUnmoved({ org, way }: Desired, live: LiveOrg): void {
  const moved = way && !way.over ? movedFrom(way, live) : [];
  if (moved.length === 0) return;
  throw new ToolError('plan-stale', {
    what: `Somebody changed the org "${org.alias}" since. Nothing was sent to it.`,
    why: moved.join('; '),
    fix: way?.to.sent
      ? 'Seal a new plan and have that one approved.'
      : 'Look at these settings. To go back all the same, and overwrite them, add --over.',
  });
}

function verifyExisting({ org }: Desired, { missing }: LiveOrg): void {
  if (missing.length === 0) return;
  throw new ToolError('missing-in-org', {
    what: `The org "${org.alias}" does not have ${missing.join(', ')}.`,
    why: `${org.file} lists it under "existing", so the source does not bring it along.`,
    fix: 'Create it in the org, or add it to the source and take it out of "existing".',
  });
}

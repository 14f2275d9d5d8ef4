import { ToolError } from '../errors';
import type { Desired, Outcome, Plan } from '../model';
import { movedFrom, planOrg, readOrg, verifyIdentity, type LiveOrg, type Sf } from '../org';
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

/** Plans every org at the same time. An org that cannot be planned does not keep the others from it. Nothing is written. */
export const planFleet = (
  sf: Sf,
  orgs: readonly Desired[],
  apiVersion: string,
  done: (outcome: Outcome) => void,
): Promise<readonly Planned[]> =>
  Promise.all(
    orgs.map(async (desired) => {
      const planned = await planOne(sf, desired, apiVersion);
      done(planned.outcome);
      return planned;
    }),
  );

/** Plans one org; what goes wrong becomes its outcome. */
export async function planOne(sf: Sf, desired: Desired, apiVersion: string): Promise<Planned> {
  const at = Date.now();
  try {
    const live = await readOrg(sf, desired, apiVersion);
    verifyIdentity(desired.org, live.facts);
    verifyExisting(desired, live);
    const made = planOrg(desired, live);
    if (made.changes.length > 0) verifyUnmoved(desired, live);
    const rest = { changes: made.changes, checks: checksOf(made) };
    return {
      desired,
      at,
      live,
      plan: made,
      outcome: outcomeOf(desired, made.changes.length > 0 ? 'planned' : 'unchanged', rest),
    };
  } catch (thrown) {
    return { desired, at, outcome: failed(desired, thrown) };
  }
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

import { isDisruptive, type Outcome } from '../model';
import type { Sf } from '../org';
import { deployOne } from './deploy-one';
import { outcomeOf } from './outcome';
import type { Planned } from './plan-fleet';
import type { Rollout } from './rollout';

/** Orgs whose plan disturbs customers. */
export const disruptiveOrgs = (fleet: readonly Planned[]): readonly Planned[] =>
  fleet.filter(({ plan }) => plan?.changes.some(isDisruptive));

/**
 * Applies the plans of a fleet, wave after wave. A failed org never stops its neighbours in the wave; the waves after it
 * are skipped, and say so.
 */
export async function deployFleet(sf: Sf, fleet: readonly Planned[], rollout: Rollout): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  const waveOf = ({ desired }: Planned): number => (rollout.atOnce ? 0 : desired.org.wave);
  const waves = [...new Set(fleet.map(waveOf))].sort((one, other) => one - other);
  let broken: number | undefined;
  for (const wave of waves) {
    const orgs = fleet.filter((planned) => waveOf(planned) === wave);
    const stopped = broken;
    const ended =
      stopped === undefined ? await deployWave(sf, orgs, rollout) : orgs.map((planned) => skipped(planned, stopped));
    if (ended.some(isBroken)) broken ??= wave;
    outcomes.push(...ended);
  }
  return outcomes;
}

const isBroken = ({ outcome }: Outcome): boolean => ['failed', 'unreachable', 'unknown'].includes(outcome);

/** Runs an org as soon as one before it is through, never more than `concurrency` at once. */
async function deployWave(sf: Sf, orgs: readonly Planned[], rollout: Rollout): Promise<readonly Outcome[]> {
  const open = [...orgs.entries()];
  const outcomes: Outcome[] = [];
  const work = async (): Promise<void> => {
    for (let next = open.shift(); next; next = open.shift()) {
      const [index, planned] = next;
      const outcome = await deployOne(sf, planned, rollout);
      outcomes[index] = outcome;
      rollout.done(outcome);
    }
  };
  await Promise.all(Array.from({ length: Math.min(rollout.concurrency, orgs.length) }, work));
  return outcomes;
}

function skipped({ desired, plan }: Planned, broken: number): Outcome {
  const error = {
    code: 'wave-stopped',
    what: `Wave ${desired.org.wave} was not started.`,
    why: `An org of wave ${broken} did not come through.`,
    fix: 'Mend that org and run the deploy again; orgs that are done stay unchanged.',
  };
  return { ...outcomeOf(desired, 'skipped', { changes: plan?.changes ?? [] }), error };
}

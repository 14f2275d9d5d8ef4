import { setTimeout as pause } from 'node:timers/promises';
import { isDisruptive, type Outcome } from '../model';
import type { Sf } from '../org';
import { bounded } from './bounded';
import { deployOne } from './deploy-one';
import { outcomeOf } from './outcome';
import type { Planned } from './plan-fleet';
import type { Rollout } from './rollout';

/** Orgs whose plan disturbs customers. */
export const disruptiveOrgs = (fleet: readonly Planned[]): readonly Planned[] =>
  fleet.filter(({ plan }) => plan?.changes.some(isDisruptive));

/**
 * Applies the plans of a fleet, wave after wave. A failed org never stops its neighbours in the wave; when more orgs have
 * failed than may, the waves after it are skipped, and say so.
 */
export async function deployFleet(sf: Sf, fleet: readonly Planned[], rollout: Rollout): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  const { maxFailures = 0, pauseBetween = 0 } = rollout;
  const waveOf = ({ desired }: Planned): number => (rollout.atOnce ? 0 : desired.org.wave);
  const waves = [...new Set(fleet.map(waveOf))].sort((one, other) => one - other);
  for (const wave of waves) {
    const orgs = fleet.filter((planned) => waveOf(planned) === wave);
    const broken = outcomes.filter(isBroken);
    if (broken.length > maxFailures) outcomes.push(...orgs.map((planned) => told(skipped(planned, broken), rollout)));
    else {
      if (outcomes.some(isChanged)) await pause(pauseBetween);
      outcomes.push(...(await bounded(orgs, rollout.concurrency, (planned) => deployNext(sf, planned, rollout))));
    }
  }
  return outcomes;
}

const isBroken = ({ outcome }: Outcome): boolean => ['failed', 'unreachable', 'unknown'].includes(outcome);
const isChanged = ({ outcome }: Outcome): boolean => outcome === 'changed';

async function deployNext(sf: Sf, planned: Planned, rollout: Rollout): Promise<Outcome> {
  return told(await deployOne(sf, planned, rollout), rollout);
}

function told(outcome: Outcome, { done }: Rollout): Outcome {
  done(outcome);
  return outcome;
}

function skipped({ desired, plan }: Planned, broken: readonly Outcome[]): Outcome {
  const error = {
    code: 'wave-stopped',
    what: `Wave ${desired.org.wave} was not started.`,
    why: `${broken.map(({ alias, wave }) => `${alias} of wave ${wave}`).join(', ')} did not come through.`,
    fix: 'Mend what stopped it, then run: npm run deploy -- --resume. Orgs that are done stay unchanged.',
  };
  return { ...outcomeOf(desired, 'skipped', { changes: plan?.changes ?? [] }), error };
}

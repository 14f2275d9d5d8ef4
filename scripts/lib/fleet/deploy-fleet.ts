import { ToolError } from '../errors';
import { isDisruptive, type Desired, type Outcome, type Plan } from '../model';
import { applyPlan, type Progress, type Sf } from '../org';

import { failed, outcomeOf } from './outcome';
import type { Planned } from './plan-fleet';

/** How a fleet is deployed to. */
export interface Rollout {
  readonly apiVersion: string;
  /** Orgs at once inside a wave. */
  readonly concurrency: number;
  /** Told of each step at each org. */
  readonly progress: (alias: string, ...step: Parameters<Progress>) => void;
  /** Told of each org that is through. */
  readonly done: (outcome: Outcome) => void;
}

/** Orgs whose plan disturbs customers. */
export const disruptiveOrgs = (fleet: readonly Planned[]): readonly Planned[] =>
  fleet.filter(({ plan }) => plan?.changes.some(isDisruptive));

/**
 * Applies the plans of a fleet, wave after wave. A failed org never stops its neighbours in the wave; the waves after it
 * are skipped, and say so.
 */
export async function deployFleet(sf: Sf, fleet: readonly Planned[], rollout: Rollout): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  const waves = [...new Set(fleet.map(({ desired }) => desired.org.wave))].sort((one, other) => one - other);
  let broken: number | undefined;
  for (const wave of waves) {
    const orgs = fleet.filter(({ desired }) => desired.org.wave === wave);
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
      const outcome = await deploy(sf, planned, rollout);
      outcomes[index] = outcome;
      rollout.done(outcome);
    }
  };
  await Promise.all(Array.from({ length: Math.min(rollout.concurrency, orgs.length) }, work));
  return outcomes;
}

async function deploy(sf: Sf, { desired, plan, outcome }: Planned, rollout: Rollout): Promise<Outcome> {
  if (!plan || plan.changes.length === 0) return outcome;
  const deployIds: string[] = [];
  const progress: Progress = (step, detail) => {
    if (step === 'submitted' && detail) deployIds.push(detail);
    rollout.progress(desired.org.alias, step, detail);
  };
  const rest = { changes: plan.changes, checks: outcome.checks, deployIds };
  try {
    verifyPermissions(desired, plan);
    await applyPlan(sf, desired, plan, rollout.apiVersion, progress);
    return outcomeOf(desired, 'changed', rest);
  } catch (thrown) {
    return failed(desired, thrown, rest);
  }
}

function verifyPermissions({ org }: Desired, { facts }: Plan): void {
  if (facts.missingPermissions.length === 0) return;
  throw new ToolError('missing-permission', {
    what: `The user of the login "${org.alias}" lacks: ${facts.missingPermissions.join(', ')}.`,
    why: 'Without it Salesforce refuses the deployment or leaves settings out of what it shows. Nothing was sent.',
    fix: 'Assign a permission set with these permissions to the user; User_Verification_Admin in force-app is one.',
  });
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

import type { Change, Plan, Transition } from '../model';
import { readPlanFile, snapshotPath, listSnapshots, writePlanFile } from './plan-file';
import type { PlanFileOrg } from './serialize-plan-file';

/**
 * Keeps in the folder of a run what each org held before the run first touched it, and what it was left with. A run that goes on
 * after it was interrupted adds to what is there. Returns the way as it is kept.
 */
export const snapshotWriter =
  (run: string, apiVersion: string, now: Date) =>
  (plan: Plan, transition: Transition): Transition => {
    if (transition.to.components.size + transition.to.channels.size === 0) return transition;
    const path = snapshotPath(run, plan.org.alias);
    const [previous] = listSnapshots(run).includes(plan.org.alias) ? readPlanFile(path, 'snapshot').orgs : [];
    const merged = previous ? mergeTransitions(previous.transition, transition) : transition;
    const org: PlanFileOrg = {
      org: plan.org,
      changes: mergeChanges(previous?.changes ?? [], plan.changes),
      transition: merged,
    };
    writePlanFile(path, { kind: 'snapshot', createdAt: now, apiVersion, orgs: [org], unplanned: [] });
    return merged;
  };

/** The start of the first part, the end of the last one. */
const mergeTransitions = (earlier: Transition, later: Transition): Transition => ({
  from: {
    components: new Map([...later.from.components, ...earlier.from.components]),
    channels: new Map([...later.from.channels, ...earlier.from.channels]),
    partial: false,
  },
  to: {
    components: new Map([...earlier.to.components, ...later.to.components]),
    channels: new Map([...earlier.to.channels, ...later.to.channels]),
    partial: later.to.partial,
  },
  publish: [...new Set([...earlier.publish, ...later.publish])],
});

const mergeChanges = (earlier: readonly Change[], later: readonly Change[]): readonly Change[] => {
  const known = new Set(earlier.map(({ component, path }) => `${component} ${path}`));
  return [...earlier, ...later.filter(({ component, path }) => !known.has(`${component} ${path}`))];
};

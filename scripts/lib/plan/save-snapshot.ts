import type { Change, Plan, Transition } from '../model';
import { readPlanFile, snapshotPath, listSnapshots, writePlanFile } from './plan-file';
import type { PlanFileOrg } from './serialize-plan-file';

/**
 * Saves the state of each org before the first change of a run, and the state after its last change, in the folder of the
 * run. A resumed run updates the existing snapshot. Returns the transition in the snapshot.
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

/** From the start state of the earlier transition to the end state of the later one. */
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

import type { Change, Plan, Transition, TrustRecord } from '../model';
import { readPlanFile, snapshotPath, listSnapshots, writePlanFile } from './plan-file';
import type { PlanFileOrg } from './serialize-plan-file';

/**
 * Saves the state of each org before the first change of a run, and the state after its last change, in the folder of the
 * run. A snapshot of an earlier process is continued; what an earlier call saved is replaced. `trustBefore` returns what the run
 * before left in an org. Returns the transition in the snapshot.
 */
export function snapshotWriter(
  run: string,
  apiVersion: string,
  now: Date,
  trustBefore: (org: Plan['org']) => TrustRecord | undefined = () => undefined,
): (plan: Pick<Plan, 'org' | 'changes'>, transition: Transition) => Transition {
  const earlier = new Map<string, PlanFileOrg | undefined>();
  const earlierOf = (alias: string): PlanFileOrg | undefined => {
    if (!earlier.has(alias)) earlier.set(alias, readSnapshot(run, alias));
    return earlier.get(alias);
  };
  const records = new Map<string, TrustRecord | undefined>();
  const recordOf = (org: Plan['org']): TrustRecord | undefined => {
    if (!records.has(org.alias)) records.set(org.alias, trustBefore(org));
    return records.get(org.alias);
  };
  return (plan, transition) => {
    if (transition.to.components.size + transition.to.channels.size === 0) return transition;
    const path = snapshotPath(run, plan.org.alias);
    const previous = earlierOf(plan.org.alias);
    const merged = previous
      ? mergeTransitions(previous.transition, transition)
      : withTrustBefore(transition, recordOf(plan.org));
    const org: PlanFileOrg = {
      org: plan.org,
      changes: mergeChanges(previous?.changes ?? [], plan.changes),
      transition: merged,
    };
    writePlanFile(path, { kind: 'snapshot', createdAt: now, apiVersion, orgs: [org], unplanned: [] });
    return merged;
  };
}

const withTrustBefore = (transition: Transition, trustBefore: TrustRecord | undefined): Transition =>
  trustBefore ? { ...transition, trustBefore } : transition;

/** The state of an org that a run saved before and after its change; undefined if it changed nothing. */
export const readSnapshot = (run: string, alias: string): PlanFileOrg | undefined =>
  listSnapshots(run).includes(alias) ? readPlanFile(snapshotPath(run, alias), 'snapshot').orgs[0] : undefined;

/** From the start state of the earlier transition to the end state of the later one. */
export const mergeTransitions = (earlier: Transition, later: Transition): Transition => ({
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
  tests: [...new Set([...(earlier.tests ?? []), ...(later.tests ?? [])])],
  ...(earlier.trustBefore && { trustBefore: earlier.trustBefore }),
});

const mergeChanges = (earlier: readonly Change[], later: readonly Change[]): readonly Change[] => {
  const known = new Set(earlier.map(({ component, path }) => `${component} ${path}`));
  return [...earlier, ...later.filter(({ component, path }) => !known.has(`${component} ${path}`))];
};

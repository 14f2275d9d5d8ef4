import type { Change, Plan, Way } from '../model';
import { readSealed, snapshotPath, snapshotsOf, writeSealed } from './files';
import type { SealedOrg } from './seal';

/**
 * Keeps in the folder of a run what each org held before the run first touched it, and what it was left with. A run that goes on
 * after it was interrupted adds to what is there. Returns the way as it is kept.
 */
export const keepIn =
  (run: string, apiVersion: string, now: Date) =>
  (plan: Plan, way: Way): Way => {
    if (way.to.components.size + way.to.channels.size === 0) return way;
    const path = snapshotPath(run, plan.org.alias);
    const [before] = snapshotsOf(run).includes(plan.org.alias) ? readSealed(path, 'snapshot').orgs : [];
    const whole = before ? joined(before.way, way) : way;
    const org: SealedOrg = { org: plan.org, changes: allOf(before?.changes ?? [], plan.changes), way: whole };
    writeSealed(path, { what: 'snapshot', made: now, apiVersion, orgs: [org], without: [] });
    return whole;
  };

/** The start of the first part, the end of the last one. */
const joined = (first: Way, last: Way): Way => ({
  from: {
    components: new Map([...last.from.components, ...first.from.components]),
    channels: new Map([...last.from.channels, ...first.from.channels]),
    sent: false,
  },
  to: {
    components: new Map([...first.to.components, ...last.to.components]),
    channels: new Map([...first.to.channels, ...last.to.channels]),
    sent: last.to.sent,
  },
  publish: [...new Set([...first.publish, ...last.publish])],
});

const allOf = (first: readonly Change[], last: readonly Change[]): readonly Change[] => {
  const known = new Set(first.map(({ component, path }) => `${component} ${path}`));
  return [...first, ...last.filter(({ component, path }) => !known.has(`${component} ${path}`))];
};

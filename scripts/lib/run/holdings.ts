import type { Planned } from '../fleet';
import { matrixOf, trustMapOf, type Column, type Reading } from '../matrix';
import type { Outcome } from '../model';
import type { Holdings } from '../report';

/**
 * What the orgs of a fleet hold, as they were read. After a deploy, an org that came through holds what was planned: that
 * was read back.
 */
export function holdingsOf(fleet: readonly Planned[], now: Date, outcomes: readonly Outcome[] = []): Holdings {
  const changed = new Set(outcomes.filter(({ outcome }) => outcome === 'changed').map(({ alias }) => alias));
  const columns = fleet.map((planned) => columnOf(planned, changed.has(planned.desired.org.alias)));
  return { matrix: matrixOf(columns, now), trust: trustMapOf(columns, now) };
}

function columnOf({ desired, live, plan }: Planned, isChanged: boolean): Column {
  const { alias, kind } = desired.org;
  if (!live || !plan) return { alias, kind };
  const read = { live, plan, desired: desired.components };
  return { alias, kind, read: isChanged ? settled(read) : read };
}

function settled({ live, plan, desired }: Reading): Reading {
  const activated = plan.activate.map((name) => [name, { id: '', active: true }] as const);
  const after = {
    ...live,
    components: new Map([...live.components, ...plan.bundle]),
    channels: new Map([...live.channels, ...activated]),
  };
  return { live: after, plan: { ...plan, changes: [], activate: [] }, desired };
}

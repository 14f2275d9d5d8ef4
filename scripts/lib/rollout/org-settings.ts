import type { PlannedOrg } from './plan-fleet';
import { buildMatrix, buildTrustMap, type Column, type OrgReading } from '../report/org-matrix';
import type { DesiredState, OrgResult } from '../model';
import { undeclaredTrustOf } from '../org';
import type { OrgSettings } from '../report';

/** The live settings of the orgs of a fleet. A changed org has the planned settings, because it was read back. */
export function orgSettings(fleet: readonly PlannedOrg[], now: Date, results: readonly OrgResult[] = []): OrgSettings {
  const changed = new Set(results.filter(({ status }) => status === 'changed').map(({ alias }) => alias));
  const columns = fleet.map((planned) => columnOf(planned, changed.has(planned.desired.org.alias)));
  return { matrix: buildMatrix(columns, now), trust: buildTrustMap(columns, now) };
}

function columnOf({ desired, live, plan }: PlannedOrg, isChanged: boolean): Column {
  const { alias, kind } = desired.org;
  if (!live || !plan) return { alias, kind };
  const reading = { live, plan, desired: desired.components };
  return { alias, kind, reading: isChanged ? afterDeploy(desired, reading) : reading };
}

function afterDeploy(state: DesiredState, { live, plan, desired }: OrgReading): OrgReading {
  const activated = plan.activate.map((name) => [name, { id: '', active: true }] as const);
  const after = {
    ...live,
    components: new Map([...live.components, ...plan.toDeploy]),
    channels: new Map([...live.channels, ...activated]),
  };
  const undeclaredTrust = undeclaredTrustOf(state, after.components);
  return { live: after, plan: { ...plan, changes: [], undeclaredTrust, activate: [] }, desired };
}

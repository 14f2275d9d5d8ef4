import { basename } from 'node:path';
import {
  trustRecordOf,
  updateTrustRecord,
  type DesiredState,
  type LiveState,
  type OrgConfig,
  type Transition,
  type TrustRecord,
} from '../model';
import { trustOutsideSource } from '../org';
import { readTrustRecord } from '../plan';
import type { JournaledOrg, JournaledRun } from './read-journal';

/**
 * The trust that the last run left in an org. `runs` are sorted by their last plans, and the run in `folder` is ignored.
 * Undefined if a later run may have changed the org and recorded nothing.
 */
export function findTrustRecord(
  runs: readonly JournaledRun[],
  folder: string,
  { orgId }: Pick<OrgConfig, 'orgId'>,
): TrustRecord | undefined {
  for (const run of runs.toReversed().filter((each) => basename(each.folder) !== basename(folder)))
    for (const org of run.orgs.filter((each) => each.orgId === orgId)) {
      const record = readTrustRecord(run.folder, org);
      if (record || mayHaveWritten(org)) return record;
    }
  return undefined;
}

const mayHaveWritten = ({ written, deploy }: JournaledOrg): boolean => written || deploy?.settled === false;

/**
 * The trust to record for an org that has reached its desired state: what source declares, and what it doesn't manage. Undefined if
 * the org has undeclared trust, because a later rollback would restore it. A rollback declares nothing, so it changes the record
 * before it. `transition` is what the run changed.
 */
export function trustToRecord(
  desired: DesiredState,
  live: LiveState,
  transition: Transition | undefined,
): TrustRecord | undefined {
  const record = trustRecordOf(live, new Date());
  const { restored } = desired;
  if (!restored) return trustOutsideSource(desired, live.components).length === 0 ? record : undefined;
  if (!transition?.trustBefore || (restored.accepted && restored.kept.length > 0)) return undefined;
  return updateTrustRecord(transition.trustBefore, record, transition);
}

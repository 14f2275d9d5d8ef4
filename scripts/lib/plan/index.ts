export { diffOrg, diffOrgExactly, type OrgDiff } from './diff-org';
export { diffComponents } from './diff-components';
export { parseDuration, assertFresh } from './duration';
export {
  readPlanFile,
  listRuns,
  snapshotPath,
  listSnapshots,
  readTrustRecord,
  writePlanFile,
  writeTrustRecord,
} from './plan-file';
export { mergeTransitions, readSnapshot, snapshotWriter } from './save-snapshot';
export type { UnplannedOrg, PlanFile, PlanFileOrg } from './serialize-plan-file';

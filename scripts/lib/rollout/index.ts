export { deployFleet } from './deploy-fleet';
export type { RolloutOptions } from './rollout-options';
export { planFleet, type PlannedOrg, type PlanOptions } from './plan-fleet';
export { effectivePlan, type PublishOptions } from './deploy-org';
export { rollbackTarget } from './rollback-org';
export { orgResult } from './org-result';
export {
  isComplete,
  latestSince,
  readRun,
  type JournaledOrg,
  type JournaledRun,
  type JournaledDeploy,
} from './read-journal';
export {
  createJournal,
  appendToJournal,
  type JournalEntry,
  type Journal,
  type JournalPlanEntry,
  type RunHeader,
} from './write-journal';
export { withCliWorkers } from './cli-workers';

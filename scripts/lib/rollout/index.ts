export { deployFleet, withResumeCommand } from './deploy-fleet';
export type { RolloutOptions } from './rollout-options';
export { planFleet, planFrom, type PlannedOrg, type PlanOptions } from './plan-fleet';
export { rollbackTarget } from './rollback-org';
export { failedResult, orgResult } from './org-result';
export { isComplete, readRun, readRuns, type JournaledOrg, type JournaledRun } from './read-journal';
export { createJournal, appendToJournal, type Journal } from './write-journal';
export { withCliWorkers } from './cli-workers';

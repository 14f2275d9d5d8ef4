export { applyPlan } from './apply';
export type { ReadPlan } from './deploy';
export { currentProcess, isOtherProcess, withLock, type LockOptions } from './lock';
export type { ReportStep, ApplyStep } from './progress';
export {
  DEFAULT_TIMEOUTS,
  hasChangedOrg,
  readDeployRequests,
  waitUntilIdle,
  type DeployRequest,
  type IdleOrg,
  type Timeouts,
} from './job-queue';
export { pollDeploy } from './deploy-job';
export { readRecordIds, recordIdsOf } from './record-ids';
export { recoverDeploy, type PendingDeploy } from './recover';
export { assertIdentity, assertOrgId, missingPermissionError, readFacts } from './facts';
export {
  assertTransitionTrust,
  desiredTarget,
  mergeDeclared,
  planOrg,
  trustOutsideSource,
  undeclaredTrustOf,
} from './plan';
export { assertOrgReferences } from './org-references';
export { revokeCompromisedKeys, trustedCompromisedKeys } from './compromised-keys';
export type { Sf } from '../sf';
export { withFinalState, withRemoval, isApplied, findConflicts, transitionFor, type Removal } from './transition';
export { readChannels, readOrg, readQueues, type LiveOrg, type QueueFacts } from './read-org';
export { retrieveComponents } from './retrieve';
export { readTrustAndSigners, type SigningReading } from './signing-access';

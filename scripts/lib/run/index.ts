export { runDeploy, type DeployFlags } from './deploy';
export { withHosts } from './hosts';
export { runPlan, type PlanFlags } from './plan';
export { runRollback, type RollbackFlags } from './rollback';
export { runStatus } from './status';
export { runVerify } from './verify';

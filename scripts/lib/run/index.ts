export { runDeploy, type DeployFlags } from './deploy';
export { withHosts } from './hosts';
export { runPlan } from './plan';
export { runStatus } from './status';

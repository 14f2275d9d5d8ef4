export { planProject, type PlannedProject } from './plan-project';
export { withHosts } from './hosts';

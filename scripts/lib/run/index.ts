export { planProject, type PlannedProject, type Telling } from './plan-project';
export { withHosts } from './hosts';

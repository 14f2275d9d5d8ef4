export { FaultDesk } from './desk';
export { parseFaults, STEPS, type FaultKind, type PlannedFault, type Step } from './spec';

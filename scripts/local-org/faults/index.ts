export { FaultSchedule } from './schedule';
export { parseFaults, STEPS, type FaultKind, type ScheduledFault, type Step } from './spec';

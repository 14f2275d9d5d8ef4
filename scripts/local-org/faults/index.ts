export { FaultSchedule } from './schedule';
export { parseFaults, type FaultKind, type ScheduledFault, type Step } from './spec';

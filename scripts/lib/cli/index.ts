export { trackProgress, reportResult, reportStep } from './track-progress';
export type { CommonFlags, Context } from './context';
export { repeatable, addReportFlags, addSubcommand, positiveInteger } from './flags';
export { readStdin } from './stdin';
export { main, type CommandDef } from './main';
export { writeReports } from './reports';

export { trackProgress, reportResult, reportStep } from './track-progress';
export type { CommonFlags, Context } from './context';
export {
  repeatable,
  addConfirmFlags,
  addFlagGroup,
  addFullFlag,
  addOrgFlag,
  addOrgFlags,
  addReportFlags,
  addSubcommand,
  excludesFlags,
  needsFlag,
  rejectOtherSubcommands,
  addWriteFlags,
  positiveInteger,
} from './flags';
export type { HelpText } from './help';
export { readStdin } from './stdin';
export { endWith, main, type CommandDef } from './main';
export { writeReports } from './reports';
export { dispatch } from './dispatch';

export { follow, tellOutcome, tellStep } from './follow';
export type { Board } from './board';
export type { CommonFlags, Context } from './context';
export { collect, reportFlags, subcommand, wholeNumber } from './flags';
export { readInput } from './input';
export { main, type Verb } from './main';
export { writeReports } from './reports';

export type { CommonFlags, Context } from './context';
export { collect, reportFlags, wholeNumber } from './flags';
export { main, type Verb } from './main';
export { writeReports } from './reports';

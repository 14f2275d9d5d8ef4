export type { CommonFlags, Context } from './context';
export { collect, wholeNumber } from './flags';
export { main, type Verb } from './main';

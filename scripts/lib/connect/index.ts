export { runConnect } from './run';

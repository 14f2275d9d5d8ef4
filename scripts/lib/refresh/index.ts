export { runRefresh, type RefreshFlags } from './run';

export { runPostRefresh, type PostRefreshFlags } from './run';

export { runImport, type ImportFlags } from './run';

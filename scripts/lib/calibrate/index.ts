export { runCalibrate, type CalibrateFlags } from './run';

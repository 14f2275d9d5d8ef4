export { runDoctor } from './doctor';

export { answersOf, conflictsIn, readEvidence, writeEvidence } from './evidence';

export {
  answersOf,
  conflictsIn,
  readAnswers,
  readEvidence,
  writeEvidence,
  type Conflict,
  type Evidence,
} from './evidence';

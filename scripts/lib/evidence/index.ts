export {
  answersOf,
  conflictsIn,
  evidenceFilesFor,
  readAnswers,
  readEvidence,
  writeEvidence,
  type Conflict,
  type Evidence,
} from './evidence';

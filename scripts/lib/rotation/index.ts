export {
  readCompromisedKeys,
  readRotation,
  readRotations,
  rotationFile,
  withCompromisedKey,
  writeRotation,
} from './files';
export { rotationFindings } from './findings';
export { earliestRetirement, earliestSwitch, formatMoment, type StepRefusal } from './guards';
export { cacheHoursOf, DEFAULT_CACHE_HOURS, isDone, phaseOf, type KeyIdentity, type Rotation } from './rotation';
export {
  deleteKey,
  retire,
  stage,
  checkStaged,
  confirmSwitch,
  hasReached,
  inspectTarget,
  inspectionResult,
  type RecordTrust,
  type TargetInspection,
  type TargetState,
  type RotationTarget,
  type TargetResult,
  type KeyTrust,
  type StepResult,
  type RotationBackend,
} from './steps';

export { readRotation, readRotations, rotationFile, ROTATIONS_FOLDER, writeRotation, type Rotations } from './files';
export { rotationFindings, type RotationInput } from './findings';
export { earliestRetirement, earliestSwitch, formatMoment, type StepRefusal } from './guards';
export { isDone, rotationShape, phaseOf, type KeyIdentity, type Rotation, type RotationPhase } from './rotation';
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

export { readRotation, readRotations, rotationFile, ROTATIONS_FOLDER, writeRotation, type Rotations } from './files';
export { rotationFindings, type RotationInput } from './findings';
export { earliestRetirement, earliestSwitch, shownMoment, type Refusal } from './guards';
export { isOver, rotationShape, stageOf, type KeyName, type Rotation, type Stage } from './rotation';
export {
  remove,
  retire,
  stage,
  staged,
  switchOver,
  type Aim,
  type Place,
  type PlaceResult,
  type Sight,
  type StepResult,
  type World,
} from './steps';

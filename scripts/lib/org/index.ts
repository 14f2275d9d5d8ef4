export { applyPlan, type Progress } from './apply';
export { openJournal, type Journal } from './journal';
export { verifyIdentity } from './identity';
export { missingPermission } from './permissions';
export { planOrg } from './plan';
export type { Sf } from '../sf';
export { arrived, isArrived, movedFrom, wayOf } from './way';
export { readOrg, type LiveOrg } from './snapshot';

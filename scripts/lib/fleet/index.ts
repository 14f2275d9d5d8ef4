export { deployFleet, disruptiveOrgs } from './deploy-fleet';
export type { Rollout } from './rollout';
export { planFleet, type Planned, type Planning } from './plan-fleet';
export { toApply, type PublishWish } from './deploy-one';
export { desiredBack } from './roll-back';
export { outcomeOf } from './outcome';

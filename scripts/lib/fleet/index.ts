export { deployFleet, disruptiveOrgs } from './deploy-fleet';
export type { Rollout } from './rollout';
export { planFleet, type Planned } from './plan-fleet';
export { desiredBack } from './roll-back';
export { outcomeOf } from './outcome';

export { deployFleet, disruptiveOrgs, type Rollout } from './deploy-fleet';
export { planFleet, type Planned } from './plan-fleet';
export { outcomeOf } from './outcome';

export { PARTS, type Part } from './check';
export { pictureOf, servedAt } from './look';
export { proveOrg, type Proof } from './prove';
export type { Means, Subject } from './subject';

export { subjectOf } from './channel-links';
export { LINKS, type LinkName, type LinkResult } from './link';
export {
  configurationsOf,
  deploymentsOf,
  endpointOf,
  issuerOf,
  keysOf,
  type Key,
  type Picture,
  type Publication,
  type Served,
} from './picture';
export { pairsOf, type Pair } from './pair';
export { firstBroken, verifiedChannels, walkChannel, walkToken, type Walk } from './walk';

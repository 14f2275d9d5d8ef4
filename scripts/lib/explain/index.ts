export { isServing, subjectOf } from './channel-steps';
export { CHAIN_STEPS, type ChainStepName, type ChainStepResult } from './chain-step';
export { keysOf, type Key, type OrgView, type PublishedSettings, type EndpointKeys } from './org-view';
export { expectedTokensFor, type ExpectedToken } from './expected-token';
export {
  firstFailure,
  verifiedChannels,
  traceChannel,
  traceToken,
  traceUnverifiedChannel,
  type ChainTrace,
} from './trace';
export { parseInput } from './parse-input';
export { explainDeploy } from './deploy-errors';
export { KNOWN_ERRORS, findKnownErrors } from './known-errors';

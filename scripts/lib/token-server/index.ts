export { tokenEndpoint, type Endpoint, type EndpointOptions } from './endpoint';
export { listen, type Listening } from './listen';
export { trialSessions, type Session, type Sessions, type TrialSessions } from './sessions';
export { ALGORITHMS, signerOf, TOKEN_LIFE, type Algorithm, type Signer } from './signer';
export { withTrialLogin } from './trial';
export { runTokenServer } from './serve';

export { createTokenEndpoint, type Endpoint, type EndpointOptions } from './endpoint';
export { listen, type RunningServer } from './listen';
export { createDemoSessions, type Session, type Sessions, type DemoSessions } from './sessions';
export { ALGORITHMS } from './flags';
export { createSigner, TOKEN_LIFETIME_SECONDS, type Signer } from './signer';
export { withDemoLogin } from './demo-login';
export { runTokenServer } from './token-server';

export { readJwk, type JwkReading, type PublicKeyFacts } from './read';
export type { CertificateFacts } from './certificate';
export type { Delivery } from './members';
export { JWK_PROBLEMS, type JwkProblem, type JwkProblemCode } from './problem';

export { keyFactsOf, readKeyComponent } from './key-component';
export { readJwk, type JwkResult, type PublicKeyFacts } from './read';
export type { CertificateFacts } from './certificate';
export type { KeyDelivery } from './members';
export { JWK_PROBLEMS, type JwkProblem, type JwkProblemCode } from './problem';

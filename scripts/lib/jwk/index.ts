export { keyFactsOf, readKeyComponent } from './key-component';
export { readJwk, type PublicKeyFacts } from './read';
export { JWK_PROBLEMS, type JwkProblem } from './problem';

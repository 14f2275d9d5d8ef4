export { DATE_PROBLEMS, hasDateProblem, hasSameKey, keyFactsOf, readKeyComponent, signsForKey } from './key-component';
export { compromisedKeyIn, compromisedKeyOf, thumbprintsOf } from './thumbprints';
export { readJwk, type PublicKeyFacts } from './read';
export { JWK_PROBLEMS, type JwkProblem } from './problem';
export { isUsableKey, readJwks, type Jwks, type JwksKey } from './read-jwks';

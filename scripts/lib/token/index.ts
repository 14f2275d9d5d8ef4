export { firstDifference } from './difference';
export { fingerprintOf, withoutTokens } from './fingerprint';
export { isObject, numberClaim, readToken, textClaim, type Members, type Token, type TokenReading } from './read';
export { ALGORITHMS, base64urlOf, isAlgorithm, signedToken, verifies, type Algorithm } from './sign';

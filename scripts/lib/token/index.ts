export { firstDifference } from './first-difference';
export { tokenFingerprint, redactTokens } from './fingerprint';
export { numberClaim, readToken, textClaim, type Token, type TokenReading } from './read-token';
export { ALGORITHMS, encodeBase64url, isAlgorithm, signToken, isSignedBy, type Algorithm } from './sign-token';
export { commandSource } from './command-source';
export { keySource, parsePrivateKey, readPrivateKey, thumbprintOf } from './private-key';
export type { TokenSource, TokenSpec } from './token-source';

export { killCommand, startCommand } from './command-group';
export { firstDifference } from './first-difference';
export { tokenFingerprint, redactTokens } from './fingerprint';
export { numberClaim, readToken, textClaim, type Token, type TokenReading } from './read-token';
export { encodeBase64url, isAlgorithm, signingAlgorithm, signToken, isSignedBy, type Algorithm } from './sign-token';
export { commandSource } from './command-source';
export { keySource, parsePrivateKey, readPrivateKey, thumbprintOf } from './private-key';
export type { TokenSource } from './token-source';

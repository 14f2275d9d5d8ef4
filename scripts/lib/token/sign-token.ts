import { sign, verify, type KeyObject } from 'node:crypto';
import type { JsonObject } from '../files';
import type { Token } from './read-token';

/** The algorithms that Salesforce accepts (Help: user verification set-up), with their digests. */
export const ALGORITHMS = { RS256: 'sha256', RS512: 'sha512' } as const;
export type Algorithm = keyof typeof ALGORITHMS;

export const isAlgorithm = (name: unknown): name is Algorithm =>
  typeof name === 'string' && Object.hasOwn(ALGORITHMS, name);

/** The algorithm to sign with for a key that declares `alg`; RS256 for a key that declares none. */
export const signingAlgorithm = (alg: string | undefined): Algorithm => (isAlgorithm(alg) ? alg : 'RS256');

/** Encodes a JSON value as a part of a JWT. */
export const encodeBase64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Signs a JWT in compact form. The header includes `typ`, because some verifiers require it. */
export function signToken(
  header: { readonly alg: Algorithm; readonly kid: string },
  claims: JsonObject,
  key: KeyObject,
) {
  const signingInput = `${encodeBase64url({ ...header, typ: 'JWT' })}.${encodeBase64url(claims)}`;
  return `${signingInput}.${sign(ALGORITHMS[header.alg], Buffer.from(signingInput), key).toString('base64url')}`;
}

/** Whether a public RSA key verifies the token with the algorithm in its header. */
export function isSignedBy({ header, signingInput, signature }: Token, key: KeyObject): boolean {
  const { alg } = header;
  return isAlgorithm(alg) && verify(ALGORITHMS[alg], Buffer.from(signingInput), key, signature);
}

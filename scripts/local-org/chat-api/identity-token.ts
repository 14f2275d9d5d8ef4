import { verify } from 'node:crypto';
import { Rejection } from './rejection';
import type { Key } from './key';

type JsonObject = Readonly<Record<string, unknown>>;

/** The content of a token whose signature isn't verified yet. */
export interface IdentityToken {
  readonly algorithm: string;
  readonly kid: string;
  readonly claims: JsonObject;
  /** the signed bytes */
  readonly signingInput: Buffer;
  readonly signature: Buffer;
}

// Only RS256 and RS512. (Help, set up user verification)
const HASH_ALGORITHMS: Readonly<Record<string, string>> = { RS256: 'RSA-SHA256', RS512: 'RSA-SHA512' };

export const isSupportedAlgorithm = (algorithm: string): boolean => Object.hasOwn(HASH_ALGORITHMS, algorithm);

/** Parses a compact JWT. Throws a Rejection for any other text. */
export function parseIdentityToken(text: string): IdentityToken {
  const parts = text.split('.');
  const [header = '', payload = '', signature = ''] = parts;
  if (parts.length !== 3 || !parts.every((part) => /^[\w-]*$/.test(part))) throw new Rejection('malformed');
  const { alg, kid } = decodeJsonObject(header);
  return {
    algorithm: typeof alg === 'string' ? alg : '',
    kid: typeof kid === 'string' ? kid : '',
    claims: decodeJsonObject(payload),
    signingInput: Buffer.from(`${header}.${payload}`),
    signature: Buffer.from(signature, 'base64url'),
  };
}

/** Checks whether the token was signed with the key's private key and algorithm. */
export function isSignedWith({ algorithm, signingInput, signature }: IdentityToken, { publicKey, alg }: Key): boolean {
  if (!publicKey || (alg !== undefined && alg !== algorithm)) return false;
  return verify(HASH_ALGORITHMS[algorithm], signingInput, publicKey, signature);
}

function decodeJsonObject(part: string): JsonObject {
  const value = parseJson(Buffer.from(part, 'base64url').toString('utf8'));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Rejection('malformed');
  return value as JsonObject;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

import { verify } from 'node:crypto';
import { Rejection } from './rejection';
import type { Key } from './key';

type JsonObject = Readonly<Record<string, unknown>>;

/** A signed token as it was written, not yet believed. */
export interface IdentityToken {
  readonly algorithm: string;
  readonly kid: string;
  readonly claims: JsonObject;
  /** what the signature is over */
  readonly signingInput: Buffer;
  readonly signature: Buffer;
}

// RS256 or RS512 only: Help, set up user verification.
const HASH_ALGORITHMS: Readonly<Record<string, string>> = { RS256: 'RSA-SHA256', RS512: 'RSA-SHA512' };

export const isSupportedAlgorithm = (algorithm: string): boolean => Object.hasOwn(HASH_ALGORITHMS, algorithm);

/** Takes a compact JWT apart; refuses what is none. */
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

/** Whether the token was signed with the private half of the key, in the way the key is for. */
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

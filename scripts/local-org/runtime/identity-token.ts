import { verify } from 'node:crypto';
import { Refusal } from './refusal';
import type { Key } from './key';

type Members = Readonly<Record<string, unknown>>;

/** A signed token as it was written, not yet believed. */
export interface IdentityToken {
  readonly algorithm: string;
  readonly kid: string;
  readonly claims: Members;
  /** what the signature is over */
  readonly signed: Buffer;
  readonly signature: Buffer;
}

// RS256 or RS512 only: Help, set up user verification.
const HASHES: Readonly<Record<string, string>> = { RS256: 'RSA-SHA256', RS512: 'RSA-SHA512' };

export const isRsa = (algorithm: string): boolean => Object.hasOwn(HASHES, algorithm);

/** Takes a compact JWT apart; refuses what is none. */
export function readIdentityToken(text: string): IdentityToken {
  const parts = text.split('.');
  const [header = '', payload = '', signature = ''] = parts;
  if (parts.length !== 3 || !parts.every((part) => /^[\w-]*$/.test(part))) throw new Refusal('malformed');
  const { alg, kid } = objectIn(header);
  return {
    algorithm: typeof alg === 'string' ? alg : '',
    kid: typeof kid === 'string' ? kid : '',
    claims: objectIn(payload),
    signed: Buffer.from(`${header}.${payload}`),
    signature: Buffer.from(signature, 'base64url'),
  };
}

/** Whether the token was signed with the private half of the key, in the way the key is for. */
export function isSignedWith({ algorithm, signed, signature }: IdentityToken, { publicKey, alg }: Key): boolean {
  if (!publicKey || (alg !== undefined && alg !== algorithm)) return false;
  return verify(HASHES[algorithm], signed, publicKey, signature);
}

function objectIn(part: string): Members {
  const value = parsed(Buffer.from(part, 'base64url').toString('utf8'));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Refusal('malformed');
  return value as Members;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

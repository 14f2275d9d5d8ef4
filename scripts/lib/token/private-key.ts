import { npmRun } from '../model';
import { createPublicKey, type KeyObject } from 'node:crypto';
import { ToolError, invalidFlagError } from '../errors';
import { readJwk } from '../jwk';
import { readKeyFileBytes, readRsaPrivateKey } from '../key-files';
import { signingAlgorithm, signToken } from './sign-token';
import type { TokenSource } from './token-source';

/** A test token is used immediately. */
const LIFETIME_SECONDS = 60;

/** Signs tokens with a private key and its declared algorithm. They expire after 60 seconds. Throws if the spec has no kid. */
export function keySource(key: KeyObject): TokenSource {
  return {
    async getToken({ issuer, subject, kid, alg, now }) {
      if (kid === undefined) throw missingKidError();
      const iat = Math.floor(now.getTime() / 1000);
      return signToken(
        { alg: signingAlgorithm(alg), kid },
        { iss: issuer, sub: subject, iat, exp: iat + LIFETIME_SECONDS },
        key,
      );
    },
  };
}

/**
 * Reads a private RSA key: PEM, DER, or JWK, from a file or a pipe. No error repeats any content of the file. Warns about a file
 * that other users of the machine can read or replace.
 */
export function readPrivateKey(file: string, warn: (text: string) => void): KeyObject {
  const { bytes, mode, isFile } = readKeyFileBytes(file);
  const key = parsePrivateKey(bytes, `The --private-key file ${file}`);
  // Windows has no such mode.
  if (isFile && process.platform !== 'win32' && (mode & 0o077) !== 0)
    warn(
      `Warning: other users can access the private key in ${file} (mode ${mode.toString(8)}). Anyone who reads it can sign tokens for any customer. To restrict it: chmod 600 ${file}`,
    );
  return key;
}

/** Parses a private RSA key. `sourceLabel` is the subject of the error message, which gives the exact reason. */
export function parsePrivateKey(bytes: Buffer, sourceLabel: string): KeyObject {
  const reading = readRsaPrivateKey(bytes);
  if ('key' in reading) return reading.key;
  const { message, fix } = reading.problem;
  throw invalidFlagError(`${sourceLabel} doesn't contain a private RSA key that can be used.`, message, fix);
}

/** The JWK thumbprint (RFC 7638) of the public key, which identifies the key in an org. */
export function thumbprintOf(key: KeyObject): string {
  const { kty, n, e } = createPublicKey(key).export({ format: 'jwk' });
  return readJwk(JSON.stringify({ kty, n, e }), new Date(0), 'endpoint').key?.thumbprint ?? '';
}

const missingKidError = (): ToolError =>
  new ToolError('unknown-component', {
    what: "The token can't be created: its kid is unknown.",
    why: "The private key doesn't belong to any key in source or at the JWKS endpoint.",
    fix: `Specify the private key of a key in the keyset. To list the keys: ${npmRun('keys', 'list')}`,
  });

import { npmRun } from '../model';
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { ToolError, invalidFlagError } from '../errors';
import { readJwk } from '../jwk';
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
 * Reads a private RSA key, PEM or JWK. No error repeats any content of the file. Warns about a file that other users of the
 * machine can read or replace.
 */
export function readPrivateKey(file: string, warn: (text: string) => void): KeyObject {
  const { text, mode } = readKeyFile(file);
  const key = parsePrivateKey(text, 'The --private-key file');
  // Windows has no such mode.
  if (process.platform !== 'win32' && (mode & 0o077) !== 0)
    warn(
      `Warning: other users can access the private key in ${file} (mode ${(mode & 0o777).toString(8)}). Anyone who reads it can sign tokens for any customer. To restrict it: chmod 600 ${file}`,
    );
  return key;
}

/** Parses a private RSA key, PEM or JWK. `sourceLabel` is the subject of the error message. */
export function parsePrivateKey(text: string, sourceLabel: string): KeyObject {
  const key = tryParseKey(text);
  if (key?.asymmetricKeyType === 'rsa') return key;
  throw invalidFlagError(
    `${sourceLabel} doesn't contain a private RSA key.`,
    key
      ? `It contains a key of type ${key.asymmetricKeyType ?? 'unknown'}.`
      : 'It is neither PEM nor a JWK, it is a public key, or it has a passphrase.',
    'Specify the PEM file of the private key that signs the tokens (BEGIN PRIVATE KEY).',
  );
}

function readKeyFile(file: string): { readonly text: string; readonly mode: number } {
  try {
    return { text: readFileSync(file, 'utf8'), mode: statSync(file).mode };
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    throw invalidFlagError(
      `The file ${file} can't be read.`,
      `The system error is ${code ?? 'unknown'}.`,
      'Specify a file that you can read.',
    );
  }
}

/** Errors of node:crypto can repeat the input, so they are dropped. */
function tryParseKey(text: string): KeyObject | undefined {
  try {
    return text.trimStart().startsWith('{')
      ? createPrivateKey({ key: JSON.parse(text) as Record<string, string>, format: 'jwk' })
      : createPrivateKey(text);
  } catch {
    return undefined;
  }
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

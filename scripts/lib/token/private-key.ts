import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ToolError, invalidFlagError } from '../errors';
import { readJwk } from '../jwk';
import { signToken } from './sign-token';
import type { TokenSource } from './token-source';

/** How long a token of a check lives, in seconds. */
const LIFETIME_SECONDS = 60;

/** A private key as an issuer: its tokens live for a minute. */
export function keySource(key: KeyObject): TokenSource {
  return {
    key,
    async getToken({ issuer, subject, kid, now }) {
      if (kid === undefined) throw missingKidError();
      const iat = Math.floor(now.getTime() / 1000);
      return signToken({ alg: 'RS256', kid }, { iss: issuer, sub: subject, iat, exp: iat + LIFETIME_SECONDS }, key);
    },
  };
}

/** Reads a private RSA key, PEM or JWK. Nothing of the file is ever repeated. */
export const readPrivateKey = (file: string): KeyObject =>
  parsePrivateKey(readKeyFile(file), 'The file of --private-key');

/** The private RSA key of a text, PEM or JWK; `from` begins the sentence that refuses it. */
export function parsePrivateKey(text: string, sourceLabel: string): KeyObject {
  const key = tryParseKey(text);
  if (key?.asymmetricKeyType === 'rsa') return key;
  throw invalidFlagError(
    `${sourceLabel} holds no private RSA key.`,
    key
      ? `It holds a key of type ${key.asymmetricKeyType ?? 'unknown'}.`
      : 'It is neither PEM nor a JWK, it is public, or it has a passphrase.',
    'Name the PEM file of the pair that signs the tokens (BEGIN PRIVATE KEY).',
  );
}

function readKeyFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    throw invalidFlagError(
      `The file ${file} cannot be read.`,
      `The system says ${code ?? 'unknown'}.`,
      'Name a file that you may read.',
    );
  }
}

/** The reader of the platform throws with texts that may repeat what it read. */
function tryParseKey(text: string): KeyObject | undefined {
  try {
    return text.trimStart().startsWith('{')
      ? createPrivateKey({ key: JSON.parse(text) as Record<string, string>, format: 'jwk' })
      : createPrivateKey(text);
  } catch {
    return undefined;
  }
}

/** RFC 7638, of the public half: the way to recognise the key in an org. */
export function thumbprintOf(key: KeyObject): string {
  const { kty, n, e } = createPublicKey(key).export({ format: 'jwk' });
  return readJwk(JSON.stringify({ kty, n, e }), new Date(0), 'endpoint').key?.thumbprint ?? '';
}

const missingKidError = (): ToolError =>
  new ToolError('unknown-component', {
    what: 'There is no kid for the token.',
    why: 'The private key belongs to no key that the source or the endpoint has.',
    fix: 'Name the private key of a key in the keyset; npm run keys -- list shows them.',
  });

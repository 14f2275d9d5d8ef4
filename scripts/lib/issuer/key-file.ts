import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { EXIT, ToolError } from '../errors';
import { readJwk } from '../jwk';
import { signedToken } from '../token';
import type { TokenSource } from './source';

/** How long a token of a check lives, in seconds. */
const LIFE = 60;

/** A private key as an issuer: its tokens live for a minute. */
export function keySource(key: KeyObject): TokenSource {
  return {
    key,
    async token({ issuer, subject, kid, now }) {
      if (kid === undefined) throw noKid();
      const iat = Math.floor(now.getTime() / 1000);
      return signedToken({ alg: 'RS256', kid }, { iss: issuer, sub: subject, iat, exp: iat + LIFE }, key);
    },
  };
}

/** Reads a private RSA key, PEM or JWK. Nothing of the file is ever repeated. */
export const readPrivateKey = (file: string): KeyObject => privateKeyOf(contentOf(file), 'The file of --private-key');

/** The private RSA key of a text, PEM or JWK; `from` begins the sentence that refuses it. */
export function privateKeyOf(text: string, from: string): KeyObject {
  const key = parsed(text);
  if (key?.asymmetricKeyType === 'rsa') return key;
  throw refused(
    `${from} holds no private RSA key.`,
    key
      ? `It holds a key of type ${key.asymmetricKeyType ?? 'unknown'}.`
      : 'It is neither PEM nor a JWK, it is public, or it has a passphrase.',
    'Name the PEM file of the pair that signs the tokens (BEGIN PRIVATE KEY).',
  );
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    throw refused(
      `The file ${file} cannot be read.`,
      `The system says ${code ?? 'unknown'}.`,
      'Name a file that you may read.',
    );
  }
}

/** The reader of the platform throws with texts that may repeat what it read. */
function parsed(text: string): KeyObject | undefined {
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

const refused = (what: string, why: string, fix: string): ToolError =>
  new ToolError('bad-flag', { what, why, fix }, { exit: EXIT.invalid });

const noKid = (): ToolError =>
  new ToolError('unknown-component', {
    what: 'There is no kid for the token.',
    why: 'The private key belongs to no key that the source or the endpoint has.',
    fix: 'Name the private key of a key in the keyset; npm run keys -- list shows them.',
  });

import { createHmac, createSign, type KeyObject } from 'node:crypto';
import type { LinkName } from '../../lib/chain';
import { pairOf } from '../lib/jwk/keyring';
import { ISSUER_OF_DEV, KID } from './stand';

type Members = Readonly<Record<string, unknown>>;

/** A token that is wrong, at the link that it should be stuck at. */
export interface TokenBreak {
  readonly what: string;
  readonly link: LinkName;
  readonly make: (key: KeyObject) => string;
}

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const seconds = (): number => Math.floor(Date.now() / 1000);

const good = (): Members => ({ iss: ISSUER_OF_DEV, sub: 'customer-1', iat: seconds(), exp: seconds() + 300 });

/** A token as node:crypto alone makes it; members that are undefined are left out. */
export function made(key: KeyObject, claims: Members = {}, header: Members = {}, digest = 'RSA-SHA256'): string {
  const text = `${part({ alg: 'RS256', kid: KID, typ: 'JWT', ...header })}.${part({ ...good(), ...claims })}`;
  return `${text}.${createSign(digest).update(text).sign(key, 'base64url')}`;
}

function hmac(header: Members): string {
  const text = `${part({ kid: KID, ...header })}.${part(good())}`;
  const secret = pairOf('stand').publicKey.export({ type: 'spki', format: 'pem' });
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

/** The claims of one token with the signature of another. */
const swapped = (key: KeyObject): string => {
  const [header = '', , signature = ''] = made(key).split('.');
  return `${header}.${part({ ...good(), sub: 'somebody-else' })}.${signature}`;
};

export const TOKEN_BREAKS: readonly TokenBreak[] = [
  { what: 'the signature is missing', link: 'well-formed', make: (key) => made(key).split('.').slice(0, 2).join('.') },
  {
    what: 'the header is no JSON',
    link: 'well-formed',
    make: (key) => `eyJhbGciOi.${made(key).split('.').slice(1).join('.')}`,
  },
  { what: 'the signature is standard base64', link: 'well-formed', make: (key) => `${made(key)}==` },
  { what: 'it is broken into lines', link: 'well-formed', make: (key) => made(key).replace(/^(.{60})/, '$1\n') },
  { what: 'it is not signed', link: 'algorithm', make: () => `${part({ alg: 'none', kid: KID })}.${part(good())}.` },
  { what: 'it is signed with the public key as a secret', link: 'algorithm', make: () => hmac({ alg: 'HS256' }) },
  { what: 'it is signed with RS384', link: 'algorithm', make: (key) => made(key, {}, { alg: 'RS384' }, 'RSA-SHA384') },
  { what: 'it has no kid', link: 'kid', make: (key) => made(key, {}, { kid: undefined }) },
  { what: 'it has the kid of no key', link: 'key', make: (key) => made(key, {}, { kid: 'nobody' }) },
  { what: 'its kid is in upper case', link: 'key', make: (key) => made(key, {}, { kid: KID.toUpperCase() }) },
  { what: 'it has no sub', link: 'claims', make: (key) => made(key, { sub: undefined }) },
  { what: 'its sub is a number', link: 'claims', make: (key) => made(key, { sub: 7 }) },
  { what: 'it has no iss', link: 'claims', make: (key) => made(key, { iss: undefined }) },
  { what: 'it has no exp', link: 'claims', make: (key) => made(key, { exp: undefined }) },
  { what: 'its exp is in milliseconds', link: 'claims', make: (key) => made(key, { exp: Date.now() + 300_000 }) },
  { what: 'its issuer has a slash too many', link: 'issuer', make: (key) => made(key, { iss: `${ISSUER_OF_DEV}/` }) },
  { what: 'it has expired', link: 'times', make: (key) => made(key, { exp: seconds() - 5 }) },
  { what: 'it is not valid yet', link: 'times', make: (key) => made(key, { nbf: seconds() + 200 }) },
  { what: 'another key signed it', link: 'signature', make: () => made(pairOf('stranger').privateKey) },
  { what: 'its end was cut off', link: 'signature', make: (key) => made(key).slice(0, -40) },
  { what: 'its claims were changed', link: 'signature', make: swapped },
  {
    what: 'it is signed with RS512, for which the key is not declared',
    link: 'signature',
    make: (key) => made(key, {}, { alg: 'RS512' }, 'RSA-SHA512'),
  },
  { what: 'its sub is too long', link: 'subject', make: (key) => made(key, { sub: 'x'.repeat(240) }) },
];

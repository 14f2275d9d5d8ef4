import { createHmac, createSign, type KeyObject } from 'node:crypto';
import type { ChainStepName } from '../../lib/explain';
import { keyPair } from '../lib/jwk/test-keys';
import { DEV_ISSUER, KID } from './test-orgs';

type Members = Readonly<Record<string, unknown>>;

/** A token with a defect, and the step of the chain that fails. */
export interface TokenBreak {
  readonly name: string;
  readonly link: ChainStepName;
  readonly create: (key: KeyObject) => string;
}

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const seconds = (): number => Math.floor(Date.now() / 1000);

const validClaims = (): Members => ({ iss: DEV_ISSUER, sub: 'customer-1', iat: seconds(), exp: seconds() + 300 });

/** Signs a token with node:crypto only. Undefined members are omitted. */
export function signToken(key: KeyObject, claims: Members = {}, header: Members = {}, digest = 'RSA-SHA256'): string {
  const text = `${part({ alg: 'RS256', kid: KID, typ: 'JWT', ...header })}.${part({ ...validClaims(), ...claims })}`;
  return `${text}.${createSign(digest).update(text).sign(key, 'base64url')}`;
}

function signWithHmac(header: Members): string {
  const text = `${part({ kid: KID, ...header })}.${part(validClaims())}`;
  const secret = keyPair('stand').publicKey.export({ type: 'spki', format: 'pem' });
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

/** Claims of one token with the signature of another. */
const withOtherClaims = (key: KeyObject): string => {
  const [header = '', , signature = ''] = signToken(key).split('.');
  return `${header}.${part({ ...validClaims(), sub: 'somebody-else' })}.${signature}`;
};

export const TOKEN_BREAKS: readonly TokenBreak[] = [
  {
    name: 'the signature is missing',
    link: 'well-formed',
    create: (key) => signToken(key).split('.').slice(0, 2).join('.'),
  },
  {
    name: 'the header is not JSON',
    link: 'well-formed',
    create: (key) => `eyJhbGciOi.${signToken(key).split('.').slice(1).join('.')}`,
  },
  { name: 'the signature is standard base64', link: 'well-formed', create: (key) => `${signToken(key)}==` },
  {
    name: 'it contains a line break',
    link: 'well-formed',
    create: (key) => signToken(key).replace(/^(.{60})/, '$1\n'),
  },
  {
    name: 'it is not signed',
    link: 'algorithm',
    create: () => `${part({ alg: 'none', kid: KID })}.${part(validClaims())}.`,
  },
  {
    name: 'it is signed by HS256 with the public key as the secret',
    link: 'algorithm',
    create: () => signWithHmac({ alg: 'HS256' }),
  },
  {
    name: 'it is signed with RS384',
    link: 'algorithm',
    create: (key) => signToken(key, {}, { alg: 'RS384' }, 'RSA-SHA384'),
  },
  { name: 'it has no kid', link: 'kid', create: (key) => signToken(key, {}, { kid: undefined }) },
  { name: 'its kid belongs to no key', link: 'key', create: (key) => signToken(key, {}, { kid: 'nobody' }) },
  { name: 'its kid is in upper case', link: 'key', create: (key) => signToken(key, {}, { kid: KID.toUpperCase() }) },
  { name: 'it has no sub', link: 'claims', create: (key) => signToken(key, { sub: undefined }) },
  { name: 'its sub is a number', link: 'claims', create: (key) => signToken(key, { sub: 7 }) },
  { name: 'it has no iss', link: 'claims', create: (key) => signToken(key, { iss: undefined }) },
  { name: 'it has no exp', link: 'claims', create: (key) => signToken(key, { exp: undefined }) },
  {
    name: 'its exp is in milliseconds',
    link: 'claims',
    create: (key) => signToken(key, { exp: Date.now() + 300_000 }),
  },
  {
    name: 'its issuer has an additional slash',
    link: 'issuer',
    create: (key) => signToken(key, { iss: `${DEV_ISSUER}/` }),
  },
  { name: 'it has expired', link: 'times', create: (key) => signToken(key, { exp: seconds() - 5 }) },
  { name: 'it is not valid yet', link: 'times', create: (key) => signToken(key, { nbf: seconds() + 200 }) },
  { name: 'it is signed with another key', link: 'signature', create: () => signToken(keyPair('stranger').privateKey) },
  { name: 'it is truncated', link: 'signature', create: (key) => signToken(key).slice(0, -40) },
  { name: 'its claims were changed', link: 'signature', create: withOtherClaims },
  {
    name: 'it is signed with RS512, which is not the algorithm of the key',
    link: 'signature',
    create: (key) => signToken(key, {}, { alg: 'RS512' }, 'RSA-SHA512'),
  },
  { name: 'its sub is too long', link: 'subject', create: (key) => signToken(key, { sub: 'x'.repeat(240) }) },
];

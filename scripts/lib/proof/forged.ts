import { createHmac, createPublicKey, type KeyObject } from 'node:crypto';
import type { Pair } from '../chain';
import { base64urlOf, signedToken, type Members } from '../token';

/** What forged tokens are made of. */
export interface Forge {
  readonly pair: Pair;
  readonly sub: string;
  readonly now: Date;
  readonly stranger: KeyObject;
  /** The private key that the org trusts, where it is at hand. */
  readonly trusted?: KeyObject;
}

/** A token that is wrong in one point. */
export interface Forged {
  readonly name: string;
  /** What it means for customers if it is accepted. */
  readonly danger: string;
  /** Whether only the trusted key can make it: signed by a stranger, it is wrong in a second point, too. */
  readonly needsTrusted?: true;
  readonly make: (forge: Forge) => string;
}

const LIFE = 60;
const HOUR = 3600;

const claimsOf = ({ pair, sub, now }: Forge, ago = 0): Members => {
  const iat = Math.floor(now.getTime() / 1000) - ago;
  return { iss: pair.issuer, sub, iat, exp: iat + LIFE };
};

const kidOf = ({ pair }: Forge): string => pair.key?.kid ?? 'unknown';
const signed = (forge: Forge, claims: Members, kid = kidOf(forge)): string =>
  signedToken({ alg: 'RS256', kid }, claims, forge.trusted ?? forge.stranger);

/** The issuer as it is often mistyped: with a slash more, or one less. */
const otherSlash = (issuer: string): string => (issuer.endsWith('/') ? issuer.slice(0, -1) : `${issuer}/`);

const ANYBODY = 'Whoever reaches the runtime can chat as any customer.';

export const FORGED: readonly Forged[] = [
  {
    name: 'unknown kid',
    danger: ANYBODY,
    make: (forge) => signed(forge, claimsOf(forge), 'no-such-key'),
  },
  {
    name: 'right kid, other key',
    danger: `Signatures are not verified. ${ANYBODY}`,
    make: (forge) => signedToken({ alg: 'RS256', kid: kidOf(forge) }, claimsOf(forge), forge.stranger),
  },
  {
    name: 'issuer with a slash',
    danger: 'The issuer is not compared byte for byte, so tokens for another system may pass.',
    needsTrusted: true,
    make: (forge) => signed(forge, { ...claimsOf(forge), iss: otherSlash(forge.pair.issuer) }),
  },
  {
    name: 'expired',
    danger: 'A token that somebody kept works for ever.',
    needsTrusted: true,
    make: (forge) => signed(forge, claimsOf(forge, HOUR)),
  },
  { name: 'HS256', danger: `The public key is taken for a shared secret. ${ANYBODY}`, make: hmacToken },
  { name: 'alg none', danger: `Tokens need no signature. ${ANYBODY}`, make: unsignedToken },
];

/** Signed with the public key as the secret, as an attacker would who knows it: it is public. */
function hmacToken(forge: Forge): string {
  const key = forge.pair.key?.publicKey ?? createPublicKey(forge.stranger);
  const text = unsigned(forge, 'HS256');
  const secret = key.export({ type: 'spki', format: 'pem' });
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

function unsignedToken(forge: Forge): string {
  return `${unsigned(forge, 'none')}.`;
}

const unsigned = (forge: Forge, alg: string): string =>
  `${base64urlOf({ alg, kid: kidOf(forge), typ: 'JWT' })}.${base64urlOf(claimsOf(forge))}`;

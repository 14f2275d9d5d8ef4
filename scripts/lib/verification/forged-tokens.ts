import { createHmac, createPublicKey, type KeyObject } from 'node:crypto';
import type { ExpectedToken } from '../explain';
import { encodeBase64url, signToken, type JsonObject } from '../token';

/** What forged tokens are made of. */
export interface ForgeInput {
  readonly expected: ExpectedToken;
  readonly sub: string;
  readonly now: Date;
  readonly untrustedKey: KeyObject;
  /** The private key that the org trusts, where it is at hand. */
  readonly trustedKey?: KeyObject;
}

/** A token that is wrong in one point. */
export interface ForgedToken {
  readonly name: string;
  /** What it means for customers if it is accepted. */
  readonly risk: string;
  /** Whether only the trusted key can make it: signed by a stranger, it is wrong in a second point, too. */
  readonly needsTrustedKey?: true;
  readonly forge: (forge: ForgeInput) => string;
}

const LIFETIME_SECONDS = 60;
const HOUR_SECONDS = 3600;

const claimsFor = ({ expected, sub, now }: ForgeInput, secondsAgo = 0): JsonObject => {
  const iat = Math.floor(now.getTime() / 1000) - secondsAgo;
  return { iss: expected.issuer, sub, iat, exp: iat + LIFETIME_SECONDS };
};

const kidFor = ({ expected }: ForgeInput): string => expected.key?.kid ?? 'unknown';
const signWithTrustedKey = (input: ForgeInput, claims: JsonObject, kid = kidFor(input)): string =>
  signToken({ alg: 'RS256', kid }, claims, input.trustedKey ?? input.untrustedKey);

/** The issuer as it is often mistyped: with a slash more, or one less. */
const toggleTrailingSlash = (issuer: string): string => (issuer.endsWith('/') ? issuer.slice(0, -1) : `${issuer}/`);

const IMPERSONATION_RISK = 'Whoever reaches the runtime can chat as any customer.';

export const FORGED_TOKENS: readonly ForgedToken[] = [
  {
    name: 'unknown kid',
    risk: IMPERSONATION_RISK,
    forge: (forge) => signWithTrustedKey(forge, claimsFor(forge), 'no-such-key'),
  },
  {
    name: 'known kid, wrong key',
    risk: `Signatures are not verified. ${IMPERSONATION_RISK}`,
    forge: (forge) => signToken({ alg: 'RS256', kid: kidFor(forge) }, claimsFor(forge), forge.untrustedKey),
  },
  {
    name: 'issuer slash mismatch',
    risk: 'The issuer is not compared byte for byte, so tokens for another system may pass.',
    needsTrustedKey: true,
    forge: (forge) =>
      signWithTrustedKey(forge, { ...claimsFor(forge), iss: toggleTrailingSlash(forge.expected.issuer) }),
  },
  {
    name: 'expired',
    risk: 'A token that somebody kept works for ever.',
    needsTrustedKey: true,
    forge: (forge) => signWithTrustedKey(forge, claimsFor(forge, HOUR_SECONDS)),
  },
  { name: 'HS256', risk: `The public key is taken for a shared secret. ${IMPERSONATION_RISK}`, forge: hmacToken },
  { name: 'alg none', risk: `Tokens need no signature. ${IMPERSONATION_RISK}`, forge: unsignedToken },
];

/** Signed with the public key as the secret, as an attacker would who knows it: it is public. */
function hmacToken(input: ForgeInput): string {
  const key = input.expected.key?.publicKey ?? createPublicKey(input.untrustedKey);
  const signingInput = signingInputFor(input, 'HS256');
  const secret = key.export({ type: 'spki', format: 'pem' });
  return `${signingInput}.${createHmac('sha256', secret).update(signingInput).digest('base64url')}`;
}

function unsignedToken(input: ForgeInput): string {
  return `${signingInputFor(input, 'none')}.`;
}

const signingInputFor = (input: ForgeInput, alg: string): string =>
  `${encodeBase64url({ alg, kid: kidFor(input), typ: 'JWT' })}.${encodeBase64url(claimsFor(input))}`;

import { createHmac, createPublicKey, type KeyObject } from 'node:crypto';
import type { ExpectedToken } from '../explain';
import { encodeBase64url, signingAlgorithm, signToken, type Algorithm } from '../token';
import type { JsonObject } from '../json';

/** The values that forged tokens are built from. */
export interface ForgeInput {
  readonly expected: ExpectedToken;
  readonly sub: string;
  readonly now: Date;
  readonly untrustedKey: KeyObject;
  /** The private key that the org trusts, if `--private-key` provides it. */
  readonly trustedKey?: KeyObject;
}

/** A token with one defect. */
export interface ForgedToken {
  readonly name: string;
  /** The consequence if the org accepts it. */
  readonly risk: string;
  /** Set if only the trusted key can isolate the defect: an untrusted signature is a second defect. */
  readonly needsTrustedKey?: true;
  readonly forge: (input: ForgeInput) => string;
}

const LIFETIME_SECONDS = 60;
const HOUR_SECONDS = 3600;

const claimsFor = ({ expected, sub, now }: ForgeInput, secondsAgo = 0): JsonObject => {
  const iat = Math.floor(now.getTime() / 1000) - secondsAgo;
  return { iss: expected.issuer, sub, iat, exp: iat + LIFETIME_SECONDS };
};

const kidFor = ({ expected }: ForgeInput): string => expected.key?.kid ?? 'unknown';
const algFor = ({ expected }: ForgeInput): Algorithm => signingAlgorithm(expected.key?.alg);
const signWithTrustedKey = (input: ForgeInput, claims: JsonObject, kid = kidFor(input)): string =>
  signToken({ alg: algFor(input), kid }, claims, input.trustedKey ?? input.untrustedKey);

/** The most frequent typing error of an issuer: an additional or missing slash. */
const toggleTrailingSlash = (issuer: string): string => (issuer.endsWith('/') ? issuer.slice(0, -1) : `${issuer}/`);

const IMPERSONATION_RISK = 'Anyone who can reach the Enhanced Chat API can chat as any customer.';

export const FORGED_TOKENS: readonly ForgedToken[] = [
  {
    name: 'unknown kid',
    risk: IMPERSONATION_RISK,
    forge: (input) => signWithTrustedKey(input, claimsFor(input), 'no-such-key'),
  },
  {
    name: 'known kid, wrong key',
    risk: `Signatures are not verified. ${IMPERSONATION_RISK}`,
    forge: (input) => signToken({ alg: algFor(input), kid: kidFor(input) }, claimsFor(input), input.untrustedKey),
  },
  {
    name: 'issuer slash mismatch',
    risk: "The issuer isn't compared byte for byte, so tokens for another system can be accepted.",
    needsTrustedKey: true,
    forge: (input) =>
      signWithTrustedKey(input, { ...claimsFor(input), iss: toggleTrailingSlash(input.expected.issuer) }),
  },
  {
    name: 'expired',
    risk: 'A copied token works forever.',
    needsTrustedKey: true,
    forge: (input) => signWithTrustedKey(input, claimsFor(input, HOUR_SECONDS)),
  },
  { name: 'HS256', risk: `The public key is used as a shared secret. ${IMPERSONATION_RISK}`, forge: hmacToken },
  { name: 'alg none', risk: `Tokens need no signature. ${IMPERSONATION_RISK}`, forge: unsignedToken },
];

/** Uses the public key as the shared secret, which every attacker knows. */
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

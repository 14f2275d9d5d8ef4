import { createRemoteJWKSet, customFetch, errors, jwtVerify, type JWTPayload } from 'jose';
import { download, type DownloadOptions } from '../verification/endpoint';
import type { TokenExchange } from './sessions';

/** The identity provider whose tokens are exchanged, and what its tokens must contain. */
export interface ExchangeOptions extends DownloadOptions {
  /** The issuer of the provider, byte for byte. */
  readonly issuer: string;
  readonly jwksUri: string;
  /** The client or API that the tokens are for. A token for another client is rejected. */
  readonly audience: string;
  /** The claim that becomes `sub`. It must be permanent, and never be given to another customer. Default: `sub`. */
  readonly subjectClaim?: string;
  readonly now?: () => Date;
  /** Milliseconds before the keys can be requested again for an unknown kid. Default: 5 seconds. */
  readonly cooldownMs?: number;
}

/** Signatures only: a symmetric algorithm would let everyone who can verify a token create one (RFC 8725, section 3.1). */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];

/** A token must not be older than this, so that a stolen one can't be exchanged for hours. */
const MAX_TOKEN_AGE = '1 hour';

/** The clocks of the provider and this server can differ a little. */
const CLOCK_TOLERANCE = '5 seconds';

/** A longer subject doesn't fit into the key of a messaging user. */
const MAX_SUBJECT_LENGTH = 200;

/**
 * Verifies tokens of an identity provider: signature, issuer, audience, age, and expiration. The keys are requested again if a
 * token has an unknown kid, so the provider can rotate them at any time.
 */
export function createTokenExchange(options: ExchangeOptions): TokenExchange {
  const { issuer, jwksUri, audience, subjectClaim = 'sub', now = () => new Date(), cooldownMs = 5_000 } = options;
  const keys = createRemoteJWKSet(new URL(jwksUri), {
    cooldownDuration: cooldownMs,
    [customFetch]: (url) => fetchKeys(url, options),
  });
  return async (token) => {
    const verified = await jwtVerify(token, keys, {
      issuer,
      audience,
      algorithms: ALGORITHMS,
      requiredClaims: ['exp', 'iat'],
      maxTokenAge: MAX_TOKEN_AGE,
      clockTolerance: CLOCK_TOLERANCE,
      currentDate: now(),
    }).catch(rejectToken);
    const isOfCustomer = verified && isIdentityType(verified.protectedHeader.typ) && !isEvent(verified.payload);
    const subject = isOfCustomer ? subjectOf(verified.payload, subjectClaim) : undefined;
    return subject === undefined ? undefined : { id: `${issuer} ${subject}`, subject };
  };
}

/**
 * ID tokens have the type JWT or none, and access tokens at+jwt (RFC 9068, section 2.1), each also with the prefix
 * "application/" (RFC 7515, section 4.1.9). Every other type, such as logout+jwt, is for another purpose (RFC 8725, section 3.11).
 */
const isIdentityType = (type: unknown): boolean =>
  type === undefined || (typeof type === 'string' && /^(application\/)?(at\+)?jwt$/i.test(type));

/** Logout tokens can have the type JWT, too (OpenID Connect Back-Channel Logout 1.0, section 2.4). They contain `events`. */
const isEvent = ({ events }: JWTPayload): boolean => events !== undefined;

/** Control characters, line separators, and unpaired surrogates: people and other systems read another subject. */
const UNSAFE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u;

function subjectOf(payload: JWTPayload, claim: string): string | undefined {
  const value = payload[claim];
  if (typeof value !== 'string' || value === '' || value.length > MAX_SUBJECT_LENGTH) return undefined;
  return value === value.trim() && !UNSAFE.test(value) ? value : undefined;
}

/** A token that isn't valid has no session. Any other error, such as an unreachable provider, is one of this server. */
function rejectToken(thrown: unknown): undefined {
  const isOfToken =
    thrown instanceof errors.JWTExpired ||
    thrown instanceof errors.JWTClaimValidationFailed ||
    thrown instanceof errors.JWTInvalid ||
    thrown instanceof errors.JWSInvalid ||
    thrown instanceof errors.JWSSignatureVerificationFailed ||
    thrown instanceof errors.JOSEAlgNotAllowed ||
    thrown instanceof errors.JOSENotSupported ||
    thrown instanceof errors.JWKSNoMatchingKey ||
    thrown instanceof errors.JWKSMultipleMatchingKeys ||
    isUnusableKeyError(thrown);
  if (!isOfToken) throw thrown;
  return undefined;
}

/** How jose and Web Crypto report a key of the provider that can't verify, such as one with 1024 bits or a broken modulus. */
const isUnusableKeyError = (thrown: unknown): boolean => thrown instanceof TypeError || thrown instanceof DOMException;

/** Some statuses, such as 204, make the constructor of Response throw a TypeError, so each that isn't 200 becomes 502. */
async function fetchKeys(url: string, options: DownloadOptions): Promise<Response> {
  const { status, body } = await download(url, options);
  return new Response(new Uint8Array(body), { status: status === 200 ? 200 : 502 });
}

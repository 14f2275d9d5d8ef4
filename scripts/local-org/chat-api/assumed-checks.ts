import { createHash } from 'node:crypto';
import type { Org } from '../org/org';
import type { IdentityToken } from './identity-token';
import { Rejection } from './rejection';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const SKEW_SECONDS = { none: 0, '1m': MINUTE, '5m': 5 * MINUTE, '1h': HOUR } as const;
const LONGEST_EXP_SECONDS = { unlimited: Infinity, '1y': 366 * DAY, '7d': 7 * DAY, '1d': DAY, '1h': HOUR } as const;

/** Seconds for which a token is accepted after its exp. */
export const clockSkewOf = ({ assumptions }: Org): number => SKEW_SECONDS[assumptions.clockSkew];

const usedTokens = new WeakMap<Org, Set<string>>();

/**
 * Throws a Rejection for a token that doesn't meet an assumption of this org: aud, iat, a distant exp, typ, and a second use. No
 * source says that Salesforce checks these, so by default nothing is rejected.
 */
export function checkAssumptions(org: Org, token: IdentityToken): void {
  const { header, claims, signingInput } = token;
  const { assumptions } = org;
  const now = org.now().getTime() / 1000;
  if (assumptions.typ === 'required' && header['typ'] !== 'JWT') throw new Rejection('malformed');
  if (!isAudienceAccepted(org, claims['aud'])) throw new Rejection('audience');
  if (assumptions.iat === 'checked' && Number(claims['iat']) > now + MINUTE) throw new Rejection('issued-later');
  if (Number(claims['exp']) > now + LONGEST_EXP_SECONDS[assumptions.longestExp]) throw new Rejection('distant-exp');
  if (assumptions.tokenReuse === 'rejected') assertUnused(org, signingInput);
}

function isAudienceAccepted({ assumptions, url }: Org, audience: unknown): boolean {
  if (assumptions.aud === 'ignored') return true;
  return audience === undefined ? assumptions.aud === 'my-domain' : audience === url;
}

function assertUnused(org: Org, signingInput: Buffer): void {
  const used = usedTokens.get(org) ?? new Set<string>();
  usedTokens.set(org, used);
  const digest = createHash('sha256').update(signingInput).digest('hex');
  if (used.has(digest)) throw new Rejection('reused');
  used.add(digest);
}

// MessagingEndUser.MessagingPlatformKey has 255 characters. (Object reference)
const PLATFORM_KEY_LENGTH = 255;

const CHARACTERS = { any: /^[^]*$/, ascii: /^[\x20-\x7e]*$/, 'no-spaces': /^[\x21-\x7e]*$/ } as const;

/** The platform key of a verified user. Throws a Rejection for a sub that is too long, or has characters that aren't allowed. */
export function platformKey({ assumptions }: Org, identifier: string, sub: string): string {
  const { subLength, subCharacters } = assumptions;
  const key = `v2/iamessage/AUTH/${identifier}/uid:${sub}`;
  const isTooLong =
    subLength === 'platform-key' ? key.length > PLATFORM_KEY_LENGTH : sub.length > maxSubjectLength(subLength);
  if (isTooLong || !CHARACTERS[subCharacters].test(sub)) throw new Rejection('subject');
  return subLength === 'truncated' ? key.slice(0, PLATFORM_KEY_LENGTH) : key;
}

/** The number of characters in a limit such as 255-characters. */
const maxSubjectLength = (limit: string): number => Number(/^\d+/.exec(limit)?.[0] ?? Infinity);

import type { Org } from '../org/org';
import type { TokenDefect } from '../chat-api-settings';
import type { Channel } from './channel';
import { isSupportedAlgorithm, isSignedWith, parseIdentityToken, type IdentityToken } from './identity-token';
import type { Key } from './key';
import { findKeyset, type Keyset } from './keyset';
import { Rejection } from './rejection';

// MessagingEndUser.MessagingPlatformKey has 255 characters. (Object reference)
const MAX_SUBJECT_LENGTH = 255;

/** A user verification configuration of the channel with its keyset. */
interface Candidate {
  readonly identifier: string;
  readonly keyset: Keyset;
}

/**
 * Verifies an identity token against the enabled configurations of a channel, and returns the subject
 * v2/iamessage/AUTH/<Configuration Name>/uid:<sub>. Throws a Rejection for the first defect. Ignores aud and iat, because no
 * source says that Salesforce checks them.
 */
export async function verifyIdentityToken(org: Org, channel: Channel, text: string): Promise<string> {
  const token = parseIdentityToken(text);
  assertAlgorithm(org, token);
  const candidates = findCandidates(org, channel, token);
  const { identifier } = isSupportedAlgorithm(token.algorithm)
    ? await selectCandidate(org, token, candidates)
    : firstOrReject(candidates, 'issuer');
  assertTimes(org, token);
  const { sub } = token.claims;
  const subject = `v2/iamessage/AUTH/${identifier}/uid:${String(sub)}`;
  if (typeof sub !== 'string' || sub === '' || subject.length > MAX_SUBJECT_LENGTH) throw new Rejection('subject');
  return subject;
}

function assertUnlessAccepted(org: Org, condition: boolean, defect: Exclude<TokenDefect, 'no-token'>): void {
  if (!condition && !org.chatApi.accept.includes(defect)) throw new Rejection(defect);
}

function assertAlgorithm(org: Org, { algorithm }: IdentityToken): void {
  if (isSupportedAlgorithm(algorithm)) return;
  assertUnlessAccepted(org, false, algorithm === 'none' ? 'alg-none' : algorithm === 'HS256' ? 'hs256' : 'algorithm');
}

// A keyset is selected by its issuer, which must be byte-identical to iss. (Metadata API guide; public build log)
function findCandidates(org: Org, { authorizations }: Channel, { claims }: IdentityToken): readonly Candidate[] {
  const all = authorizations.flatMap(({ identifier, keyset: name }) => {
    const keyset = findKeyset(org, name);
    return keyset ? [{ identifier, keyset }] : [];
  });
  const matching = all.filter(({ keyset }) => keyset.issuer !== '' && keyset.issuer === claims['iss']);
  assertUnlessAccepted(org, matching.length > 0, 'issuer');
  return matching.length > 0 ? matching : all;
}

function firstOrReject(candidates: readonly Candidate[], defect: Exclude<TokenDefect, 'no-token'>): Candidate {
  if (!candidates[0]) throw new Rejection(defect);
  return candidates[0];
}

// A channel can have a keyset twice, and two keysets can trust the same issuer. The first keyset with the kid applies.
async function selectCandidate(org: Org, token: IdentityToken, candidates: readonly Candidate[]): Promise<Candidate> {
  for (const candidate of candidates) {
    const keys = await candidate.keyset.findKeys(token.kid);
    const key = keys.find((each) => isSignedWith(token, each)) ?? keys[0];
    if (!key) continue;
    assertKey(org, key, candidate.keyset.uploaded);
    assertUnlessAccepted(org, isSignedWith(token, key), 'signature');
    return candidate;
  }
  assertUnlessAccepted(org, false, 'kid');
  return firstOrReject(candidates, 'kid');
}

// An uploaded key needs x5c: one source says that the upload fails without it, another that verification does. A key of an
// endpoint doesn't need it. That an expired certificate makes a key invalid is inferred.
function assertKey(org: Org, { active, certificateExpiresAt, publicKey }: Key, uploaded: boolean): void {
  assertUnlessAccepted(org, active, 'inactive-key');
  assertUnlessAccepted(org, !uploaded || certificateExpiresAt !== undefined, 'no-x5c');
  assertUnlessAccepted(
    org,
    certificateExpiresAt === undefined || org.now().getTime() < certificateExpiresAt,
    'expired-certificate',
  );
  if (!publicKey) throw new Rejection('unusable-key');
}

// No clock skew is allowed, because none is documented. (The web client allows none either.)
function assertTimes(org: Org, { claims: { exp, nbf } }: IdentityToken): void {
  const now = org.now().getTime() / 1000;
  assertUnlessAccepted(org, typeof exp === 'number' && now < exp, 'expiry');
  if (nbf !== undefined && !(typeof nbf === 'number' && nbf <= now)) throw new Rejection('not-yet-valid');
}

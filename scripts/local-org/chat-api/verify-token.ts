import type { Org } from '../org/org';
import type { TokenDefect } from '../chat-api-settings';
import type { Channel } from './channel';
import { isSupportedAlgorithm, isSignedWith, parseIdentityToken, type IdentityToken } from './identity-token';
import type { Key } from './key';
import { findKeyset, type Keyset } from './keyset';
import { Rejection } from './rejection';

// MessagingEndUser.MessagingPlatformKey has 255 characters. (Object reference)
const MAX_SUBJECT_LENGTH = 255;

/** One way of believing the token: a configuration of the channel and the keyset it names. */
interface Candidate {
  readonly identifier: string;
  readonly keyset: Keyset;
}

/**
 * Verifies an identity token against the enabled configurations of a channel, and tells the subject of its user,
 * v2/iamessage/AUTH/<configuration>/uid:<sub>. Throws a Refusal with the first thing that is wrong. Not looked at: aud
 * and iat, since no source shows that Salesforce does.
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

// The keyset is found by its issuer, which must equal iss byte for byte. (Metadata API guide; public build log)
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

// A keyset may be joined to a channel twice, and two keysets may trust one issuer: the first that has the key counts.
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

// An uploaded key needs x5c: one source says that it cannot be uploaded without, another that no token is believed then.
// A key of an endpoint needs none. That a certificate counts no more once it has ended is inferred.
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

// Without allowance for clocks that differ: none is documented. (The web client allows for none, either.)
function assertTimes(org: Org, { claims: { exp, nbf } }: IdentityToken): void {
  const now = org.now().getTime() / 1000;
  assertUnlessAccepted(org, typeof exp === 'number' && now < exp, 'expiry');
  if (nbf !== undefined && !(typeof nbf === 'number' && nbf <= now)) throw new Rejection('not-yet-valid');
}

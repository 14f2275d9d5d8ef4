import type { Org } from '../org/org';
import type { IdentityTokenDefect, TokenDefect } from '../chat-api-settings';
import { findChannel, type Authorization, type Channel } from './channel';
import { checkAssumptions, clockSkewOf, platformKey } from './assumed-checks';
import { algorithmDefect, parseIdentityToken, signatureDefect, type IdentityToken } from './identity-token';
import { parseKey, type Key } from './key';
import { findKeyset, findUploadedKeys, type Keyset } from './keyset';
import { Rejection, type RejectionReason } from './rejection';

/** A user verification configuration of the channel with its keyset. */
interface Candidate {
  readonly identifier: string;
  readonly keyset: Keyset;
}

/**
 * Verifies an identity token against the enabled configurations of a channel, and returns the subject
 * v2/iamessage/AUTH/<Configuration Name>/uid:<sub>. Throws a Rejection for the first defect that this org doesn't accept.
 * A header with crit, or with a member twice, is rejected as RFC 7515, section 4, requires or permits. What no source says is a
 * setting (assumptions).
 */
export async function verifyIdentityToken(org: Org, channel: Channel, text: string): Promise<string> {
  const { duplicateClaim } = org.assumptions;
  const token = parseIdentityToken(text, duplicateClaim === 'last');
  if (duplicateClaim === 'rejected') token.duplicates.forEach((defect) => rejectUnlessAccepted(org, defect));
  rejectUnlessAccepted(org, 'crit' in token.header ? 'crit' : undefined);
  rejectUnlessAccepted(org, algorithmDefect(token));
  const candidates = findCandidates(org, channel, token);
  const { identifier } = needsNoKey(org, token)
    ? firstOrReject(candidates, 'issuer')
    : await selectCandidate(org, token, candidates);
  rejectUnlessAccepted(org, timeDefect(org, token));
  checkAssumptions(org, token);
  return subjectOf(org, identifier, token);
}

function rejectUnlessAccepted(org: Org, defect: RejectionReason | undefined): void {
  if (defect !== undefined && !accepts(org, defect)) throw new Rejection(defect);
}

const accepts = (org: Org, defect: RejectionReason | TokenDefect): boolean =>
  (org.chatApi.accept as readonly string[]).includes(defect);

const UNSIGNED: readonly (RejectionReason | undefined)[] = [
  ...(['alg-none', 'alg-none-case', 'alg-missing', 'alg-empty', 'alg-array'] as const),
];

/** Whether an accepted defect leaves nothing to verify: no algorithm, a key at a URL, or a key in the token itself. */
function needsNoKey(org: Org, token: IdentityToken): boolean {
  const { header } = token;
  if (UNSIGNED.includes(algorithmDefect(token))) return true;
  if ((['jku', 'x5u'] as const).some((name) => name in header && accepts(org, name))) return true;
  const embedded = [
    ...(accepts(org, 'embedded-jwk') ? [header['jwk']] : []),
    ...(accepts(org, 'embedded-x5c') ? [{ x5c: header['x5c'] }] : []),
  ];
  return embedded.some(
    (members) =>
      typeof members === 'object' && members !== null && !signatureDefect(token, parseKey({ ...members }, true)),
  );
}

// A keyset is selected by its issuer, which must be byte-identical to iss. (Metadata API guide; public build log)
function findCandidates(org: Org, channel: Channel, { claims: { iss } }: IdentityToken): readonly Candidate[] {
  const all = authorizationsFor(org, channel).flatMap(({ identifier, keyset: name }) => {
    const keyset = findKeyset(org, name);
    return keyset ? [{ identifier, keyset }] : [];
  });
  const matching = all.filter(({ keyset }) => keyset.issuer !== '' && keyset.issuer === iss);
  if (matching.length > 0) return matching;
  rejectUnlessAccepted(org, issuerDefect(all, iss));
  return all;
}

// On a channel without verification, an org that verifies tokens by mistake uses the configurations of all its channels.
function authorizationsFor(org: Org, channel: Channel): readonly Authorization[] {
  if (channel.verifiesUsers) return channel.authorizations;
  return org.metadata
    .ofType('MessagingChannel')
    .flatMap(({ name }) => findChannel(org, name)?.authorizations ?? [])
    .filter(({ keyset }) => keyset !== '');
}

function issuerDefect(candidates: readonly Candidate[], iss: unknown): IdentityTokenDefect {
  if (iss === undefined) return 'issuer-missing';
  const withoutSlash = (text: string): string => text.replace(/\/$/, '');
  const differsInSlash =
    typeof iss === 'string' && candidates.some(({ keyset }) => withoutSlash(keyset.issuer) === withoutSlash(iss));
  return differsInSlash ? 'issuer-slash' : 'issuer';
}

function firstOrReject(candidates: readonly Candidate[], defect: IdentityTokenDefect): Candidate {
  if (!candidates[0]) throw new Rejection(defect);
  return candidates[0];
}

// A channel can have a keyset twice, and two keysets can trust the same issuer. The first keyset with the kid applies.
async function selectCandidate(org: Org, token: IdentityToken, candidates: readonly Candidate[]): Promise<Candidate> {
  for (const candidate of candidates) {
    const keys = (await candidate.keyset.findKeys(token.kid)).map((key) => usableFor(org, key));
    const key = keys.find((each) => !signatureDefect(token, each)) ?? keys[0];
    if (!key) continue;
    assertKey(org, key, candidate.keyset.uploaded);
    rejectUnlessAccepted(org, signatureDefect(token, key));
    return candidate;
  }
  const defect = kidDefect(org, token);
  rejectUnlessAccepted(org, defect);
  return firstOrReject(candidates, defect);
}

/** The key as this org uses it: with any algorithm, or with the key of n and e or of the certificate if they differ. */
function usableFor({ assumptions }: Org, key: Key): Key {
  const { alg, ...rest } = key;
  const { otherCertificate: source } = assumptions;
  const publicKey = key.publicKey ?? (source === 'modulus' || source === 'certificate' ? key[source] : undefined);
  return {
    ...rest,
    ...(publicKey && { publicKey }),
    ...(alg !== undefined && assumptions.keyAlgorithm === 'binding' && { alg }),
  };
}

/** The defect of a kid that isn't in the keysets of the channel: another keyset can have its key, or none. */
function kidDefect(org: Org, token: IdentityToken): IdentityTokenDefect {
  if (token.kid === '') return 'kid-missing';
  const keys = findUploadedKeys(org, token.kid);
  if (keys.some((key) => !signatureDefect(token, key))) return 'retired-key';
  return keys.length > 0 ? 'kid-foreign' : 'kid';
}

// An uploaded key needs x5c: one source says that the upload fails without it, another that verification does. A key of an
// endpoint doesn't need it. That an expired certificate makes a key invalid is inferred.
function assertKey(org: Org, { active, certificateExpiresAt, publicKey }: Key, uploaded: boolean): void {
  const isExpired = certificateExpiresAt !== undefined && org.now().getTime() >= certificateExpiresAt;
  rejectUnlessAccepted(org, active ? undefined : 'inactive-key');
  rejectUnlessAccepted(org, uploaded && certificateExpiresAt === undefined ? 'no-x5c' : undefined);
  rejectUnlessAccepted(org, isExpired ? 'expired-certificate' : undefined);
  if (!publicKey) throw new Rejection('unusable-key');
}

// By default, no clock skew is allowed, because none is documented. (The web client allows none either.)
function timeDefect(org: Org, { claims: { exp, nbf } }: IdentityToken): IdentityTokenDefect | undefined {
  const now = org.now().getTime() / 1000;
  const latest = typeof exp === 'number' ? exp + clockSkewOf(org) : Number.NaN;
  if (exp === undefined && !accepts(org, 'exp-missing')) return 'exp-missing';
  if (exp !== undefined && !(now < latest) && !accepts(org, 'expiry')) return 'expiry';
  return nbf !== undefined && !(typeof nbf === 'number' && nbf <= now) ? 'not-yet-valid' : undefined;
}

function subjectOf(org: Org, identifier: string, { claims: { sub } }: IdentityToken): string {
  rejectUnlessAccepted(org, sub === undefined ? 'sub-missing' : sub === '' ? 'sub-empty' : undefined);
  if (sub !== undefined && typeof sub !== 'string') throw new Rejection('subject');
  return platformKey(org, identifier, sub ?? '');
}

import type { Org } from '../org/org';
import type { Flaw } from '../runtime-settings';
import type { Channel } from './channel';
import { isRsa, isSignedWith, readIdentityToken, type IdentityToken } from './identity-token';
import type { Key } from './key';
import { keysetNamed, type Keyset } from './keyset';
import { Refusal } from './refusal';

// MessagingEndUser.MessagingPlatformKey has 255 characters. (Object reference)
const LONGEST_SUBJECT = 255;

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
export async function verifiedSubject(org: Org, channel: Channel, text: string): Promise<string> {
  const token = readIdentityToken(text);
  checkAlgorithm(org, token);
  const candidates = candidatesOf(org, channel, token);
  const { identifier } = isRsa(token.algorithm) ? await believed(org, token, candidates) : first(candidates, 'issuer');
  checkTimes(org, token);
  const { sub } = token.claims;
  const subject = `v2/iamessage/AUTH/${identifier}/uid:${String(sub)}`;
  if (typeof sub !== 'string' || sub === '' || subject.length > LONGEST_SUBJECT) throw new Refusal('subject');
  return subject;
}

function insist(org: Org, holds: boolean, flaw: Exclude<Flaw, 'no-token'>): void {
  if (!holds && !org.runtime.accept.includes(flaw)) throw new Refusal(flaw);
}

function checkAlgorithm(org: Org, { algorithm }: IdentityToken): void {
  if (isRsa(algorithm)) return;
  insist(org, false, algorithm === 'none' ? 'alg-none' : algorithm === 'HS256' ? 'hs256' : 'algorithm');
}

// The keyset is found by its issuer, which must equal iss byte for byte. (Metadata API guide; public build log)
function candidatesOf(org: Org, { authorizations }: Channel, { claims }: IdentityToken): readonly Candidate[] {
  const all = authorizations.flatMap(({ identifier, keyset: name }) => {
    const keyset = keysetNamed(org, name);
    return keyset ? [{ identifier, keyset }] : [];
  });
  const trusted = all.filter(({ keyset }) => keyset.issuer !== '' && keyset.issuer === claims['iss']);
  insist(org, trusted.length > 0, 'issuer');
  return trusted.length > 0 ? trusted : all;
}

function first(candidates: readonly Candidate[], flaw: Exclude<Flaw, 'no-token'>): Candidate {
  if (!candidates[0]) throw new Refusal(flaw);
  return candidates[0];
}

// A keyset may be joined to a channel twice, and two keysets may trust one issuer: the first that has the key counts.
async function believed(org: Org, token: IdentityToken, candidates: readonly Candidate[]): Promise<Candidate> {
  for (const candidate of candidates) {
    const keys = await candidate.keyset.keysWith(token.kid);
    const key = keys.find((each) => isSignedWith(token, each)) ?? keys[0];
    if (!key) continue;
    checkKey(org, key, candidate.keyset.uploaded);
    insist(org, isSignedWith(token, key), 'signature');
    return candidate;
  }
  insist(org, false, 'kid');
  return first(candidates, 'kid');
}

// An uploaded key needs x5c: one source says that it cannot be uploaded without, another that no token is believed then.
// A key of an endpoint needs none. That a certificate counts no more once it has ended is inferred.
function checkKey(org: Org, { active, ends, publicKey }: Key, uploaded: boolean): void {
  insist(org, active, 'inactive-key');
  insist(org, !uploaded || ends !== undefined, 'no-x5c');
  insist(org, ends === undefined || org.now().getTime() < ends, 'ended-certificate');
  if (!publicKey) throw new Refusal('unusable-key');
}

// Without allowance for clocks that differ: none is documented. (The web client allows for none, either.)
function checkTimes(org: Org, { claims: { exp, nbf } }: IdentityToken): void {
  const now = org.now().getTime() / 1000;
  insist(org, typeof exp === 'number' && now < exp, 'expiry');
  if (nbf !== undefined && !(typeof nbf === 'number' && nbf <= now)) throw new Refusal('not-yet-valid');
}

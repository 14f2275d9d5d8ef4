import { compromisedKeyOf, thumbprintsOf } from '../jwk';
import {
  keyNamesOf,
  undeclaredGrants,
  UNREVIEWED_REASON,
  type AcceptedTrust,
  type ComponentKey,
  type ComponentMap,
  type DesiredState,
  type TrustGrant,
} from '../model';
import { desiredTarget } from '../org';
import type { RejectedItems } from './select';

/** How long an import accepts trust without a review, in days. */
const ACCEPTED_DAYS = 90;

/**
 * The entries that accept the trust of an org which the imported source doesn't declare, so that the next deploy changes nothing.
 * Components that the import rejected, and compromised keys, are never accepted.
 */
export function acceptedTrustOf(
  desired: DesiredState,
  live: ComponentMap,
  rejected: RejectedItems,
  now: Date,
): readonly AcceptedTrust[] {
  const grants = undeclaredGrants(live, new Map([...live, ...desiredTarget(desired, live)]));
  const accepted = grants
    .filter((grant) => !isRejected(grant, rejected))
    .map((grant) => ({
      component: acceptedComponent(grant, desired),
      keys: signersOf(grant, live, desired),
      issuer: grant.issuer,
    }));
  const until = new Date(now.getTime() + ACCEPTED_DAYS * 24 * 60 * 60_000).toISOString().slice(0, 10);
  return [...new Set(accepted.map(({ component }) => component))].sort().flatMap((component) => {
    const entries = accepted.filter((each) => each.component === component && each.keys.length > 0);
    const keys = sorted(entries.flatMap((each) => each.keys));
    const issuers = component.startsWith('PublicKeyCertificate:') ? [] : sorted(entries.map(({ issuer }) => issuer));
    const limits = issuers.length > 0 && issuers.every((each) => each !== '') ? { issuers } : {};
    return keys.length === 0 ? [] : [{ component, keys, ...limits, reason: UNREVIEWED_REASON, until }];
  });
}

const sorted = (texts: readonly string[]): readonly string[] => [...new Set(texts)].sort();

const isRejected = ({ channel, keyset, signer }: TrustGrant, rejected: RejectedItems): boolean =>
  [`MessagingChannel:${channel}`, `PublicKeyCertificateSet:${keyset}`, `PublicKeyCertificate:${signer}`].some((key) =>
    [...rejected.keys()].some((place) => place === key || place.startsWith(`${key} `)),
  );

/** A key that a declared keyset lists is accepted in keysets; other trust is accepted on its channel. */
function acceptedComponent(
  { channel, keyset, signer, evidence }: TrustGrant,
  { components }: DesiredState,
): ComponentKey {
  const declared = components.get(`PublicKeyCertificateSet:${keyset}`);
  const isAddedKey = declared && evidence.startsWith('key ') && !keyNamesOf(declared).includes(signer);
  return isAddedKey ? `PublicKeyCertificate:${signer}` : `MessagingChannel:${channel}`;
}

function signersOf({ signer, evidence }: TrustGrant, live: ComponentMap, desired: DesiredState): readonly string[] {
  if (evidence.startsWith('endpoint ')) return signer.startsWith('https://') ? [signer] : [];
  const key = live.get(`PublicKeyCertificate:${signer}`);
  return key && !compromisedKeyOf(key, desired.compromised) ? thumbprintsOf(key) : [];
}

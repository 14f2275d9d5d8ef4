import { componentsOf, type Component, type ComponentKey, type ComponentMap, type SignerKey } from './component';
import { textAt, type Element } from './element';
import type { AcceptedTrust, DesiredState } from './org';
import {
  authorizationsOf,
  isEndpointKeyset,
  isVerifiedByKeyset,
  issuerOf,
  keyNamesOf,
  keysetNameOf,
  mayBeActiveKey,
} from './trust';

/** The trust that an org file accepts. Each entry names its keys: a name alone would also accept keys that replace them later. */
export interface Acceptance {
  readonly entries: readonly AcceptedTrust[];
  /** The RFC 7638 thumbprints of all public keys in a PublicKeyCertificate; empty if its text can be read in several ways. */
  readonly thumbprintsOf: (key: Component) => readonly string[];
}

/** Whether an entry for the key or for one of its owners names each public key in it. `owners` are keysets and channels. */
export function acceptsKey(
  { entries, thumbprintsOf }: Acceptance,
  components: ComponentMap,
  name: string,
  owners: readonly ComponentKey[],
): boolean {
  const key = components.get(`PublicKeyCertificate:${name}`);
  const accepted = acceptedSigners(entries, [`PublicKeyCertificate:${name}`, ...owners]);
  const thumbprints = key ? thumbprintsOf(key) : [];
  return thumbprints.length > 0 && thumbprints.every((each) => accepted.has(each));
}

/** Whether an entry says which public keys a key or its keyset contains. */
export const namesKey = ({ entries }: Acceptance, name: string, keyset: ComponentKey): boolean =>
  entries.some(({ component }) => component === `PublicKeyCertificate:${name}` || component === keyset);

/**
 * Whether a user verification configuration is accepted: its endpoint or one of its active keys is. Its keyset may list other
 * keys, which aren't accepted. An entry names neither an auth provider nor an endpoint beside accepted keys, so these aren't. An
 * entry with issuers doesn't accept a keyset of another issuer: tenants of one provider can share an endpoint.
 */
export function acceptsAuthorization(
  acceptance: Acceptance,
  components: ComponentMap,
  channel: ComponentKey,
  item: Element,
): boolean {
  const name = keysetNameOf(item);
  const keyset = name === undefined ? undefined : components.get(`PublicKeyCertificateSet:${name}`);
  if (!keyset || !isVerifiedByKeyset(item)) return false;
  const owners: readonly ComponentKey[] = [channel, `PublicKeyCertificateSet:${keyset.fullName}`];
  const url = textAt(keyset.root, 'jwksEndPoint');
  const forIssuer = { ...acceptance, entries: entriesFor(acceptance, issuerOf(keyset) ?? '') };
  if (url !== undefined || isEndpointKeyset(keyset)) return acceptedSigners(forIssuer.entries, owners).has(url ?? '');
  return keyNamesOf(keyset)
    .filter((key) => mayBeActiveKey(components, key))
    .some((key) => acceptsKey(forIssuer, components, key, owners));
}

/** The entries that accept tokens of an issuer. */
const entriesFor = ({ entries }: Acceptance, issuer: string): readonly AcceptedTrust[] =>
  entries.filter(({ issuers }) => issuers?.includes(issuer) ?? true);

/**
 * Whether an entry names the keys of a user verification configuration's keyset, and the keyset trusts other ones instead: another
 * endpoint, or only active keys that aren't accepted. A keyset without an active key verifies nobody.
 */
export function trustsOthers(
  acceptance: Acceptance,
  components: ComponentMap,
  channel: ComponentKey,
  item: Element,
): boolean {
  const key: ComponentKey = `PublicKeyCertificateSet:${keysetNameOf(item) ?? ''}`;
  const keyset = components.get(key);
  if (!keyset || !acceptance.entries.some(({ component }) => component === key)) return false;
  const hasSigner =
    textAt(keyset.root, 'jwksEndPoint') !== undefined ||
    keyNamesOf(keyset).some((name) => mayBeActiveKey(components, name));
  return hasSigner && !acceptsAuthorization(acceptance, components, channel, item);
}

/**
 * The keysets and keys under "existing" that the declared channels trust, unless an "alsoTrusted" entry names their keys: source
 * doesn't say what they contain, so a change of them isn't detected.
 */
export function uncheckedTrust({ org, components }: Pick<DesiredState, 'org' | 'components'>): readonly ComponentKey[] {
  const isNamed = (...keys: readonly SignerKey[]): boolean =>
    org.alsoTrusted.some(({ component }) => keys.includes(component));
  const unchecked = componentsOf(components, 'MessagingChannel').flatMap((channel) =>
    authorizationsOf(channel).flatMap((item): readonly ComponentKey[] => {
      const keyset: ComponentKey = `PublicKeyCertificateSet:${keysetNameOf(item) ?? ''}`;
      if (!components.has(keyset)) return isNamed(keyset) ? [] : [keyset];
      return keyNamesOf(components.get(keyset))
        .map((name): ComponentKey => `PublicKeyCertificate:${name}`)
        .filter((key) => !components.has(key) && !isNamed(key, keyset));
    }),
  );
  return [...new Set(unchecked)].filter((key) => org.existing.includes(key));
}

const acceptedSigners = (entries: readonly AcceptedTrust[], components: readonly SignerKey[]): ReadonlySet<string> =>
  new Set(entries.flatMap(({ component, keys }) => (components.includes(component) ? keys : [])));

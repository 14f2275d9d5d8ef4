import { componentsOf, keyOf, type Component, type ComponentKey, type ComponentMap } from './component';
import { textAt, type Element } from './element';
import { joinNames } from './text';
import {
  configurationNameOf,
  enabledAuthorizationsOf,
  isAuthMode,
  issuerOf,
  isVerifiedByKeyset,
  keyNamesOf,
  keysetNameOf,
  mayBeActiveKey,
  PROVIDER_ELEMENT,
} from './trust';

/**
 * One way to be verified: a channel accepts tokens of an issuer, signed with a key, under a Configuration Name. The set of
 * all grants is the trust of an org, however its keysets and lists are arranged.
 */
export interface TrustGrant {
  readonly channel: string;
  readonly configurationName: string;
  readonly keyset: string;
  readonly issuer: string;
  /** The developer name of an uploaded key, the URL of a JWKS endpoint, or an auth provider. */
  readonly signer: string;
  /** The trusted key: the key itself, or the URL from which Salesforce downloads the keys. */
  readonly evidence: string;
}

/** All grants of the enabled user verification configurations of an org. The mode of a channel is not considered. */
export const trustGrants = (components: ComponentMap): readonly TrustGrant[] =>
  componentsOf(components, 'MessagingChannel').flatMap((channel) => channelGrants(channel, components));

/** The grants of one channel. */
export const channelGrants = (channel: Component, components: ComponentMap): readonly TrustGrant[] =>
  enabledAuthorizationsOf(channel).flatMap((item) => grantsOf(channel, item, components));

function grantsOf({ fullName }: Component, item: Element, components: ComponentMap): readonly TrustGrant[] {
  const name = keysetNameOf(item);
  const keyset = name === undefined ? undefined : components.get(`PublicKeyCertificateSet:${name}`);
  const grant = {
    channel: fullName,
    configurationName: configurationNameOf(item) ?? '',
    keyset: name ?? '',
    issuer: '',
  };
  const provided = providerGrants(grant, item);
  if (name === undefined && provided.length === 0) return [{ ...grant, ...otherVerifier(item) }];
  if (name === undefined) return provided;
  if (!keyset) return [...provided, { ...grant, ...unreadSigner(`keyset ${name}`) }];
  const issuer = issuerOf(keyset) ?? '';
  return [...provided, ...signersOf(keyset, components).map((signer) => ({ ...grant, issuer, ...signer }))];
}

/**
 * The Metadata API guide says that an auth provider "should never be selected". If one is, it decides who is verified, and so may an
 * authorization type other than a keyset.
 */
function providerGrants(grant: Omit<TrustGrant, 'signer' | 'evidence'>, item: Element): readonly TrustGrant[] {
  const provider = textAt(item, PROVIDER_ELEMENT);
  if (provider !== undefined) return [{ ...grant, signer: provider, evidence: `provider ${provider}` }];
  return isVerifiedByKeyset(item) ? [] : [{ ...grant, ...otherVerifier(item) }];
}

/** A configuration without a keyset: no source says how its tokens are verified. */
function otherVerifier(item: Element): Signer {
  const type = textAt(item, 'authorizationType') ?? 'no type';
  return { signer: `another verifier (${type})`, evidence: `type ${type}` };
}

type Signer = Pick<TrustGrant, 'signer' | 'evidence'>;

/** No source says that Salesforce ignores the keys of a keyset with an endpoint, or the endpoint of a keyset with keys. */
function signersOf(keyset: Component, components: ComponentMap): readonly Signer[] {
  const url = textAt(keyset.root, 'jwksEndPoint');
  const keys = keyNamesOf(keyset)
    .filter((name) => mayBeActiveKey(components, name))
    .map((name) => {
      const key = components.get(`PublicKeyCertificate:${name}`);
      return key ? { signer: name, evidence: keyEvidence(key) } : unreadSigner(name);
    });
  return [...(url === undefined ? [] : [{ signer: url, evidence: `endpoint ${url}` }]), ...keys];
}

/** A keyset or key that the org uses and the retrieve doesn't contain counts as trusted. */
const unreadSigner = (what: string): Signer => ({
  signer: `${what}, which can't be read,`,
  evidence: `unread ${what}`,
});

/** The text of the key without its layout. Salesforce doesn't document whether it uses n and e or the certificate in x5c. */
const keyEvidence = (key: Component): string => `key ${(textAt(key.root, 'jsonWebKey') ?? '').replace(/\s+/g, '')}`;

const grantId = ({ channel, configurationName, issuer, evidence }: TrustGrant): string =>
  JSON.stringify([channel, configurationName, issuer, evidence]);

/** Trust that only the org has, as a sentence that says who can be verified because of it. */
export interface UndeclaredTrust {
  /** The channel that the tokens are accepted on. */
  readonly component: ComponentKey;
  /** Developer names of all channels that accept the tokens. Empty if it's about chats without a token. */
  readonly channels: readonly string[];
  readonly consequence: string;
}

/** The grants of an org that its declared state doesn't contain. */
export function undeclaredGrants(live: ComponentMap, declared: ComponentMap): readonly TrustGrant[] {
  const known = new Set(trustGrants(declared).map(grantId));
  return trustGrants(live).filter((grant) => !known.has(grantId(grant)));
}

/**
 * The trust of an org that its declared state doesn't contain. `declared` is the org with its desired state applied; a
 * channel that isn't in `managed` counts only if its trust changes, because it uses a declared Configuration Name.
 */
export function findUndeclaredTrust(
  live: ComponentMap,
  declared: ComponentMap,
  managed: ComponentMap,
): readonly UndeclaredTrust[] {
  const extra = undeclaredGrants(live, declared);
  return [...groupByConsequence(extra, trustGrants(declared), managed), ...channelsWithoutVerification(live, declared)];
}

/** One sentence for all channels that an extra grant applies to. */
function groupByConsequence(
  extra: readonly TrustGrant[],
  declared: readonly TrustGrant[],
  managed: ComponentMap,
): readonly UndeclaredTrust[] {
  const grants = extra.map((grant) => ({ grant, phrases: phrasesOf(grant, declared, managed) }));
  const keys = [...new Set(grants.map(({ phrases }) => JSON.stringify(phrases)))];
  return keys.map((key) => {
    const alike = grants.filter(({ phrases }) => JSON.stringify(phrases) === key);
    const channels = [...new Set(alike.map(({ grant }) => grant.channel))].sort();
    const [subject, object] = alike[0]?.phrases ?? ['', ''];
    const component = `MessagingChannel:${channels[0] ?? ''}` as const;
    return { component, channels, consequence: `${subject} are accepted on ${joinNames(channels)} ${object}.` };
  });
}

/** Who signs the tokens, and whom they verify. */
function phrasesOf(
  { channel, configurationName, issuer, signer, evidence, keyset }: TrustGrant,
  declared: readonly TrustGrant[],
  managed: ComponentMap,
): readonly [subject: string, object: string] {
  const knowsIssuer = declared.some((grant) => grant.channel === channel && grant.issuer === issuer);
  const source = knowsIssuer || issuer === '' ? '' : ` of ${JSON.stringify(issuer)}`;
  const isReplaced = declared.some(
    (grant) => grant.channel === channel && grant.signer === signer && grant.evidence !== evidence,
  );
  const signedWith = !evidence.startsWith('key ')
    ? `a key from ${signer}`
    : isReplaced
      ? `the key that the org has as ${signer}`
      : signer;
  const name = `Configuration Name ${configurationName}`;
  const isKnownName = declared.some(
    (grant) => grant.channel === channel && grant.configurationName === configurationName,
  );
  const object = managed.has(`MessagingChannel:${channel}`)
    ? `for any customer${isKnownName ? '' : ` (${name})`}`
    : `for any customer of ${name} (keyset ${keyset})`;
  return [`Tokens${source} signed with ${signedWith}`, object];
}

/** Channels whose user verification is on in their declared state, and not in the org: it's off, or its mode is missing. */
const channelsWithoutVerification = (live: ComponentMap, declared: ComponentMap): readonly UndeclaredTrust[] =>
  componentsOf(declared, 'MessagingChannel')
    .filter(isAuthMode)
    .filter((channel) => live.has(keyOf(channel)) && !isAuthMode(live.get(keyOf(channel))))
    .map(({ fullName }) => ({
      component: `MessagingChannel:${fullName}`,
      channels: [],
      consequence: `User verification is off on ${fullName}, so anybody can start a chat without a token.`,
    }));

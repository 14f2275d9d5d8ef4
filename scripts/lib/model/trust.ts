import { componentsOf, type Component, type ComponentMap } from './component';
import { childrenOf, elementAt, isTrueAt, textAt, type Element } from './element';
import { referencesOf } from './references';

/**
 * The one place that answers which user verification configurations a channel has, which keysets it trusts, and which keys
 * a keyset lists (Metadata API guide, MessagingChannel and PublicKeyCertificateSet).
 */

/** The list of a channel's user verification configurations, as a dotted path. */
export const AUTHORIZATIONS_PATH = 'embeddedConfig.messagingAuthorizations';

/** The user verification mode of a channel, as a dotted path. */
export const AUTH_MODE_PATH = 'embeddedConfig.authMode';

/** The list of a keyset's uploaded keys. */
export const KEYS_ELEMENT = 'publicKeyCertificateSetKeys';

/** The auth provider of a user verification configuration. */
export const PROVIDER_ELEMENT = 'authProviderName';

/** The user verification mode of a channel: `Auth`, `UnAuth`, or undefined where it isn't declared. */
export const authModeOf = (channel: Component | undefined): string | undefined =>
  channel && textAt(channel.root, AUTH_MODE_PATH);

/** Whether user verification is on. A channel can have it on without an enabled configuration. */
export const isAuthMode = (channel: Component | undefined): boolean => authModeOf(channel) === 'Auth';

/** Whether customers chat on a channel through chat deployments. A channel without a type counts as one. */
export const isEnhancedChat = ({ root }: Component): boolean =>
  (textAt(root, 'messagingChannelType') ?? 'EmbeddedMessaging') === 'EmbeddedMessaging';

/** The user verification configurations of a channel, enabled or not. */
export function authorizationsOf(channel: Component | undefined): readonly Element[] {
  const config = channel && elementAt(channel.root, 'embeddedConfig');
  return config ? childrenOf(config, 'messagingAuthorizations') : [];
}

/** Whether a user verification configuration is enabled. Salesforce's default is false. */
export const isEnabled = (authorization: Element): boolean => isTrueAt(authorization, 'enabled');

/** The enabled user verification configurations of a channel, whatever its mode. */
export const enabledAuthorizationsOf = (channel: Component | undefined): readonly Element[] =>
  authorizationsOf(channel).filter(isEnabled);

export const configurationNameOf = (authorization: Element): string | undefined =>
  textAt(authorization, 'authIdentifier');

/** The authorization type of a configuration with a keyset. The only other value is AuthProvider (Metadata API guide). */
const KEYSET_TYPE = 'PublicKeyCertificateSet';

/** The authorization type of a user verification configuration. One without a type counts as one with a keyset. */
export const authorizationTypeOf = (authorization: Element): string =>
  textAt(authorization, 'authorizationType') ?? KEYSET_TYPE;

/** Whether only the keyset of a user verification configuration verifies its tokens. */
export const isVerifiedByKeyset = (authorization: Element): boolean =>
  textAt(authorization, PROVIDER_ELEMENT) === undefined && authorizationTypeOf(authorization) === KEYSET_TYPE;

/** The name of the keyset that verifies the tokens of a user verification configuration. */
export const keysetNameOf = (authorization: Element): string | undefined =>
  textAt(authorization, 'publicKeyCertificateSetName');

/** Whether a channel verifies tokens: user verification is on, and a configuration is enabled. */
export const verifiesUsers = (channel: Component | undefined): boolean =>
  isAuthMode(channel) && enabledAuthorizationsOf(channel).length > 0;

/** Whether a channel is set up for user verification, completely or not: it is on, or a configuration exists. */
export const isSetUpForVerification = (channel: Component | undefined): boolean =>
  isAuthMode(channel) || authorizationsOf(channel).length > 0;

/** The names of the keysets that a channel verifies tokens with. */
export const trustedKeysetNames = (channel: Component | undefined): readonly string[] =>
  isAuthMode(channel) ? enabledAuthorizationsOf(channel).flatMap((item) => keysetNameOf(item) ?? []) : [];

/** The keysets that some channel verifies tokens with. */
export function trustedKeysets(components: ComponentMap): readonly Component[] {
  const names = new Set(componentsOf(components, 'MessagingChannel').flatMap(trustedKeysetNames));
  return componentsOf(components, 'PublicKeyCertificateSet').filter(({ fullName }) => names.has(fullName));
}

/** The channels that verify tokens with a keyset. */
export const channelsTrustingKeyset = (components: ComponentMap, keyset: string): readonly Component[] =>
  componentsOf(components, 'MessagingChannel').filter((channel) => trustedKeysetNames(channel).includes(keyset));

/**
 * Whether a channel of a desired state can verify tokens with a keyset once it's deployed. A mode that the source doesn't declare
 * is on if the channel has an enabled configuration.
 */
export const mayTrustKeyset = (channel: Component, keyset: string): boolean =>
  authModeOf(channel) !== 'UnAuth' && enabledAuthorizationsOf(channel).some((item) => keysetNameOf(item) === keyset);

/** The keysets that list an uploaded key, trusted or not. */
export const keysetsListing = (components: ComponentMap, key: string): readonly Component[] =>
  componentsOf(components, 'PublicKeyCertificateSet').filter((keyset) => keyNamesOf(keyset).includes(key));

/** The channels whose keysets list an uploaded key. Whether the key is active is not considered. */
export const channelsTrustingKey = (components: ComponentMap, key: string): readonly Component[] => {
  const keysets = keysetsListing(components, key).map(({ fullName }) => fullName);
  return componentsOf(components, 'MessagingChannel').filter((channel) =>
    trustedKeysetNames(channel).some((name) => keysets.includes(name)),
  );
};

/** The names of the uploaded keys that a keyset lists. */
export const keyNamesOf = (keyset: Component | undefined): readonly string[] =>
  (keyset ? childrenOf(keyset.root, KEYS_ELEMENT) : []).flatMap((item) => textAt(item, 'publicKeyCertificate') ?? []);

/** A keyset without one of its keys. */
export function withoutKey({ root, ...rest }: Component, key: string): Component {
  const isListed = (item: Element): boolean =>
    item.name === KEYS_ELEMENT && textAt(item, 'publicKeyCertificate') === key;
  return { ...rest, root: { ...root, children: root.children.filter((child) => !isListed(child)) } };
}

/** Whether an uploaded key exists and is active. Salesforce's default is false (Metadata API guide, PublicKeyCertificate). */
export function isActiveKey(components: ComponentMap, name: string): boolean {
  const key = components.get(`PublicKeyCertificate:${name}`);
  return key !== undefined && isTrueAt(key.root, 'isActive');
}

/**
 * Whether an uploaded key is active, or can't be read: a login without access to a key, or another spelling of its name, isn't
 * evidence.
 */
export const mayBeActiveKey = (components: ComponentMap, name: string): boolean =>
  isActiveKey(components, name) || !components.has(`PublicKeyCertificate:${name}`);

/** The uploaded keys that some keyset trusts: it lists them, and they are active. */
export function trustedKeys(components: ComponentMap): readonly Component[] {
  const listed = new Set(componentsOf(components, 'PublicKeyCertificateSet').flatMap(keyNamesOf));
  return componentsOf(components, 'PublicKeyCertificate').filter(
    (key) => isTrueAt(key.root, 'isActive') && listed.has(key.fullName),
  );
}

/** Whether Salesforce downloads the keys of a keyset from a JWKS endpoint. */
export const isEndpointKeyset = (keyset: Component): boolean => textAt(keyset.root, 'type') === 'JWKS_URL';

/** The JWKS endpoint that Salesforce downloads the keys of a keyset from; undefined for a keyset of uploaded keys. */
export const jwksUrlOf = (keyset: Component | undefined): string | undefined =>
  keyset && isEndpointKeyset(keyset) ? textAt(keyset.root, 'jwksEndPoint') : undefined;

/** The issuer of a keyset, byte for byte as Salesforce compares it; undefined where it's blank or not declared. */
export function issuerOf(keyset: Component | undefined): string | undefined {
  const issuer = keyset && elementAt(keyset.root, 'jwtIssuer')?.text;
  return issuer?.trim() === '' ? undefined : issuer;
}

/** The chat deployments that serve a channel. */
export const chatDeploymentsFor = (components: ComponentMap, channel: string): readonly Component[] =>
  componentsOf(components, 'EmbeddedServiceConfig').filter((chatDeployment) =>
    referencesOf(chatDeployment).some(({ type, name }) => type === 'MessagingChannel' && name === channel),
  );

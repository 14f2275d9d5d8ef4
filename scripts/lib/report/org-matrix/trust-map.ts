import { keyFactsOf } from '../../jwk';
import {
  authorizationsOf,
  chatDeploymentsFor,
  componentsOf,
  configurationNameOf,
  isActiveKey,
  isAuthMode,
  isEnabled,
  issuerOf,
  isTrueAt,
  jwksUrlOf,
  keyNamesOf,
  keyOf,
  keysetNameOf,
  type AcceptedTrust,
  type Component,
  type ComponentMap,
  type ComponentType,
} from '../../model';
import type { Column, OrgReading } from './matrix';
import type {
  ChatDeploymentRef,
  OrgTrust,
  AuthorizationRef,
  SyncState,
  KeysetTrust,
  TrustedKey,
  ChannelRef,
  TrustMap,
} from './trust';

/** Builds the map from the live components and the missing desired components of each org. */
export const buildTrustMap = (columns: readonly Column[], now: Date): TrustMap =>
  columns.map(({ alias, kind, reading }) => ({
    alias,
    kind,
    reached: reading !== undefined,
    undeclared: (reading?.plan.undeclaredTrust ?? []).map(({ consequence }) => consequence),
    accepted: (reading?.plan.org.alsoTrusted ?? []).map(acceptedText),
    ...(reading ? orgTrust(reading, now) : { keysets: [], unverifiedChannels: [], unusedKeys: [] }),
  }));

const acceptedText = ({ component, until, reason }: AcceptedTrust): string =>
  `${component}${until === undefined ? '' : ` until ${until}`}: ${reason}`;

/** The input for the map of one org: live components, and missing desired components. */
interface TrustContext {
  readonly components: ComponentMap;
  readonly reading: OrgReading;
  readonly now: Date;
}

function orgTrust(reading: OrgReading, now: Date): Pick<OrgTrust, 'keysets' | 'unverifiedChannels' | 'unusedKeys'> {
  const context = { components: new Map([...reading.desired, ...reading.live.components]), reading, now };
  const channels = componentsOf(context.components, 'MessagingChannel');
  const authorizations = channels.flatMap((channel) => authorizationRefs(channel, context));
  const keysets = keysetNames(context.components, authorizations).map((name) =>
    keysetTrust(name, authorizations, context),
  );
  const used = new Set(keysets.flatMap(({ keys }) => keys.map(({ name }) => name)));
  return {
    keysets,
    unverifiedChannels: channels
      .filter((each) => authorizationsOf(each).length === 0)
      .map((each) => channelRef(each, context)),
    unusedKeys: sortedNames(context.components, 'PublicKeyCertificate')
      .filter((name) => !used.has(name))
      .map((name) => trustedKey(name, context)),
  };
}

const sortedNames = (components: ComponentMap, type: ComponentType): readonly string[] =>
  componentsOf(components, type)
    .map(({ fullName }) => fullName)
    .sort();

type KeysetAuthorization = AuthorizationRef & { readonly keyset: string };

/** The existing keysets, and those that an authorization references but the org lacks. */
const keysetNames = (components: ComponentMap, authorizations: readonly KeysetAuthorization[]): readonly string[] =>
  [
    ...new Set([...sortedNames(components, 'PublicKeyCertificateSet'), ...authorizations.map(({ keyset }) => keyset)]),
  ].sort();

function authorizationRefs(channel: Component, context: TrustContext): readonly KeysetAuthorization[] {
  return authorizationsOf(channel).map((item) => ({
    keyset: keysetNameOf(item) ?? '',
    configurationName: configurationNameOf(item) ?? '',
    enabled: isEnabled(item),
    channel: channelRef(channel, context),
  }));
}

function keysetTrust(name: string, authorizations: readonly KeysetAuthorization[], context: TrustContext): KeysetTrust {
  const keyset = context.components.get(`PublicKeyCertificateSet:${name}`);
  return {
    keyset: name,
    syncState: syncStateOf('PublicKeyCertificateSet', name, context),
    issuer: issuerOf(keyset) ?? null,
    endpoint: jwksUrlOf(keyset) ?? null,
    keys: [...keyNamesOf(keyset)].sort().map((key) => trustedKey(key, context)),
    authorizations: authorizations
      .filter(({ keyset }) => keyset === name)
      .map(({ configurationName, enabled, channel }) => ({
        configurationName,
        enabled,
        channel,
      })),
  };
}

function trustedKey(name: string, context: TrustContext): TrustedKey {
  const facts = keyFactsOf(context.components.get(`PublicKeyCertificate:${name}`), context.now);
  const days = facts?.certificate?.daysLeft;
  return {
    name,
    syncState: syncStateOf('PublicKeyCertificate', name, context),
    active: isActiveKey(context.components, name),
    kid: facts?.kid ?? null,
    daysLeft: days === undefined ? null : Math.floor(days),
  };
}

function channelRef(channel: Component, context: TrustContext): ChannelRef {
  const { fullName } = channel;
  return {
    name: fullName,
    syncState: syncStateOf('MessagingChannel', fullName, context),
    active: context.reading.live.channels.get(fullName)?.active ?? false,
    verifies: isAuthMode(channel),
    chatDeployments: chatDeploymentsFor(context.components, fullName).map((each) => chatDeploymentRef(each, context)),
  };
}

const chatDeploymentRef = ({ fullName, root }: Component, context: TrustContext): ChatDeploymentRef => ({
  name: fullName,
  syncState: syncStateOf('EmbeddedServiceConfig', fullName, context),
  enabled: isTrueAt(root, 'isEnabled'),
});

function syncStateOf(type: ComponentType, name: string, { reading: { live, plan, desired } }: TrustContext): SyncState {
  const key = keyOf({ type, fullName: name });
  if (!live.components.has(key)) return 'missing';
  if (plan.changes.some(({ component }) => component === key)) return 'drifted';
  return desired.has(key) ? 'in sync' : 'unmanaged';
}

import { readJwk } from '../jwk';
import {
  childrenOf,
  componentsOf,
  elementAt,
  isTrueAt,
  keyOf,
  textAt,
  type Component,
  type ComponentMap,
  type ComponentType,
  type Element,
} from '../model';
import type { Column, Reading } from './matrix';
import type { Door, OrgTrust, Reliance, Standing, Trust, TrustedKey, TrustingChannel, TrustMap } from './trust';

/** Draws the map from what the orgs hold, and adds what they should hold and do not. */
export const trustMapOf = (columns: readonly Column[], now: Date): TrustMap =>
  columns.map(({ alias, kind, read }) => ({
    ...{ alias, kind, reached: read !== undefined },
    ...(read ? trustIn(read, now) : { trusts: [], unverified: [], unused: [] }),
  }));

/** One org while its map is drawn: live components, and stated ones that are missing. */
interface Scene {
  readonly components: ComponentMap;
  readonly read: Reading;
  readonly now: Date;
}

function trustIn(read: Reading, now: Date): Pick<OrgTrust, 'trusts' | 'unverified' | 'unused'> {
  const scene = { components: new Map([...read.desired, ...read.live.components]), read, now };
  const channels = componentsOf(scene.components, 'MessagingChannel');
  const reliances = channels.flatMap((channel) => reliancesOf(channel, scene));
  const trusts = keysetNames(scene.components, reliances).map((name) => trustOf(name, reliances, scene));
  const used = new Set(trusts.flatMap(({ keys }) => keys.map(({ name }) => name)));
  return {
    trusts,
    unverified: channels.filter((each) => authorizationsOf(each).length === 0).map((each) => channelOf(each, scene)),
    unused: namesOf(scene.components, 'PublicKeyCertificate')
      .filter((name) => !used.has(name))
      .map((name) => keyNamed(name, scene)),
  };
}

const namesOf = (components: ComponentMap, type: ComponentType): readonly string[] =>
  componentsOf(components, type)
    .map(({ fullName }) => fullName)
    .sort();

type Named = Reliance & { readonly keyset: string };

/** Keysets that are there, and those that are only named. */
const keysetNames = (components: ComponentMap, reliances: readonly Named[]): readonly string[] =>
  [...new Set([...namesOf(components, 'PublicKeyCertificateSet'), ...reliances.map(({ keyset }) => keyset)])].sort();

const authorizationsOf = ({ root }: Component): readonly Element[] => {
  const config = elementAt(root, 'embeddedConfig');
  return config ? childrenOf(config, 'messagingAuthorizations') : [];
};

function reliancesOf(channel: Component, scene: Scene): readonly Named[] {
  return authorizationsOf(channel).map((item) => ({
    keyset: textAt(item, 'publicKeyCertificateSetName') ?? '',
    configuration: textAt(item, 'authIdentifier') ?? '',
    enabled: isTrueAt(item, 'enabled'),
    channel: channelOf(channel, scene),
  }));
}

function trustOf(name: string, reliances: readonly Named[], scene: Scene): Trust {
  const found = scene.components.get(`PublicKeyCertificateSet:${name}`);
  const listed = found ? childrenOf(found.root, 'publicKeyCertificateSetKeys') : [];
  const keys = listed.flatMap((item) => textAt(item, 'publicKeyCertificate') ?? []).sort();
  return {
    keyset: name,
    standing: standingOf('PublicKeyCertificateSet', name, scene),
    issuer: (found && textAt(found.root, 'jwtIssuer')) ?? null,
    endpoint: (found && textAt(found.root, 'jwksEndPoint')) ?? null,
    keys: keys.map((key) => keyNamed(key, scene)),
    reliances: reliances
      .filter(({ keyset }) => keyset === name)
      .map(({ configuration, enabled, channel }) => ({ configuration, enabled, channel })),
  };
}

function keyNamed(name: string, scene: Scene): TrustedKey {
  const found = scene.components.get(`PublicKeyCertificate:${name}`);
  const facts = found && readJwk(textAt(found.root, 'jsonWebKey') ?? '', scene.now).key;
  const days = facts?.certificate?.daysLeft;
  return {
    ...{ name, standing: standingOf('PublicKeyCertificate', name, scene) },
    active: found ? isTrueAt(found.root, 'isActive') : false,
    kid: facts?.kid ?? null,
    daysLeft: days === undefined ? null : Math.floor(days),
  };
}

function channelOf({ fullName, root }: Component, scene: Scene): TrustingChannel {
  const serves = ({ root: own }: Component): boolean =>
    textAt(own, 'embeddedServiceMessagingChannel.messagingChannel') === fullName;
  return {
    ...{ name: fullName, standing: standingOf('MessagingChannel', fullName, scene) },
    active: scene.read.live.channels.get(fullName)?.active ?? false,
    verifies: textAt(root, 'embeddedConfig.authMode') === 'Auth',
    deployments: componentsOf(scene.components, 'EmbeddedServiceConfig')
      .filter(serves)
      .map((each) => doorOf(each, scene)),
  };
}

const doorOf = ({ fullName, root }: Component, scene: Scene): Door => ({
  ...{ name: fullName, standing: standingOf('EmbeddedServiceConfig', fullName, scene) },
  enabled: isTrueAt(root, 'isEnabled'),
});

function standingOf(type: ComponentType, name: string, { read: { live, plan, desired } }: Scene): Standing {
  const key = keyOf({ type, fullName: name });
  if (!live.components.has(key)) return 'missing';
  if (plan.changes.some(({ component }) => component === key)) return 'differs';
  return desired.has(key) ? 'as stated' : 'only in the org';
}

import {
  childrenOf,
  componentsOf,
  elementAt,
  isTrueAt,
  textAt,
  type Component,
  type ComponentMap,
  type Element,
} from '../model';

/** The org before and after, as the impact of a change is judged. */
export interface ImpactContext {
  readonly live: ComponentMap;
  readonly target: ComponentMap;
  /** Developer names of the channels on which customers can chat now. */
  readonly activeChannels: ReadonlySet<string>;
}

/** The configurations ("User Verification Configuration" in Setup) of a channel. */
export function authorizationsOf(channel: Component | undefined): readonly Element[] {
  const config = channel && elementAt(channel.root, 'embeddedConfig');
  return config ? childrenOf(config, 'messagingAuthorizations') : [];
}

/** Whether customers are verified on the channel: Auth, with an enabled configuration. */
export const verifiesUsers = (channel: Component | undefined): boolean =>
  channel !== undefined &&
  textAt(channel.root, 'embeddedConfig.authMode') === 'Auth' &&
  authorizationsOf(channel).some((authorization) => isTrueAt(authorization, 'enabled'));

/** Active channels of the live org whose enabled configurations trust a keyset: those that a change of it can hurt. */
export function channelsTrusting({ live, activeChannels }: ImpactContext, keyset: string): readonly string[] {
  return componentsOf(live, 'MessagingChannel')
    .filter((channel) => activeChannels.has(channel.fullName) && trustsKeyset(channel, keyset))
    .map((channel) => channel.fullName);
}

const trustsKeyset = (channel: Component, keyset: string): boolean =>
  textAt(channel.root, 'embeddedConfig.authMode') === 'Auth' &&
  authorizationsOf(channel).some(
    (authorization) =>
      isTrueAt(authorization, 'enabled') && textAt(authorization, 'publicKeyCertificateSetName') === keyset,
  );

/** Keysets of the live org that hold a key. */
export const keysetsContaining = ({ live }: ImpactContext, key: string): readonly string[] =>
  componentsOf(live, 'PublicKeyCertificateSet')
    .filter((keyset) =>
      childrenOf(keyset.root, 'publicKeyCertificateSetKeys').some(
        (item) => textAt(item, 'publicKeyCertificate') === key,
      ),
    )
    .map((keyset) => keyset.fullName);

/** The issuer a keyset trusts, in quotes, for a sentence. */
export function quotedIssuer(components: ComponentMap, keyset: string): string {
  const component = components.get(`PublicKeyCertificateSet:${keyset}`);
  return `"${(component && textAt(component.root, 'jwtIssuer')) ?? 'no issuer'}"`;
}

/** `Web_Chat`, `Web_Chat and Mobile_Chat`, `A, B and C`. */
export function joinNames(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
}

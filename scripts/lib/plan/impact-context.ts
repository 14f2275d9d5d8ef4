import { channelsTrustingKey, channelsTrustingKeyset, issuerOf, type Component, type ComponentMap } from '../model';

/** The org before and after a deploy. The impact of a change depends on it. */
export interface ImpactContext {
  readonly live: ComponentMap;
  readonly target: ComponentMap;
  /** Developer names of the channels on which customers can chat now. */
  readonly activeChannels: ReadonlySet<string>;
}

/** Names of the active channels that verify tokens with a keyset now. A change of the keyset can affect them. */
export const activeChannelsOfKeyset = (context: ImpactContext, keyset: string): readonly string[] =>
  activeNames(context, channelsTrustingKeyset(context.live, keyset));

/** Names of the active channels that verify tokens with a key now. */
export const activeChannelsOfKey = (context: ImpactContext, key: string): readonly string[] =>
  activeNames(context, channelsTrustingKey(context.live, key));

const activeNames = ({ activeChannels }: ImpactContext, channels: readonly Component[]): readonly string[] =>
  channels.map(({ fullName }) => fullName).filter((name) => activeChannels.has(name));

/** The issuer of a keyset in quotation marks, for use in a sentence. */
export const quotedIssuer = (components: ComponentMap, keyset: string): string =>
  `"${issuerOf(components.get(`PublicKeyCertificateSet:${keyset}`)) ?? 'no issuer'}"`;

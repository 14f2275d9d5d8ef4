import { isServing, type OrgView } from '../explain';
import {
  authModeOf,
  chatDeploymentsFor,
  componentsOf,
  enabledAuthorizationsOf,
  isEnhancedChat,
  isSetUpForVerification,
  keyOf,
  keysetNameOf,
  type Component,
  type ComponentMap,
  type LiveState,
} from '../model';
import type { ChannelContext, OrgUnderTest } from './context';

/** A channel that a verification covers. */
export interface ScopedChannel {
  readonly name: string;
  readonly kind: 'verified' | 'unverified' | 'inactive';
}

/** The Enhanced Chat channels that the desired state declares. Other messaging channels have no chat deployment. */
export const channelsInScope = ({
  desired,
  live,
}: Pick<OrgUnderTest, 'desired'> & {
  readonly live: Pick<LiveState, 'components' | 'channels'>;
}): readonly ScopedChannel[] =>
  componentsOf(desired.components, 'MessagingChannel')
    .filter(isEnhancedChat)
    .map((channel) => {
      const name = channel.fullName;
      const isInactive = desired.org.inactive.includes(name) && live.channels.get(name)?.active !== true;
      return { name, kind: isInactive ? 'inactive' : isVerified(channel, live.components) ? 'verified' : 'unverified' };
    });

/** A mode that source doesn't declare keeps its live value. */
function isVerified(channel: Component, live: ComponentMap): boolean {
  const mode = authModeOf(channel);
  if (mode !== undefined) return mode !== 'UnAuth';
  return isSetUpForVerification(channel) || isSetUpForVerification(live.get(`MessagingChannel:${channel.fullName}`));
}

/** The chat deployments of a channel that customers can use, published ones first; if there is none, those that are turned off. */
export function testedChatDeployments({ components, published }: OrgView, channel: string): readonly Component[] {
  const all = chatDeploymentsFor(components, channel);
  const serving = all.filter(isServing);
  const isPublished = ({ fullName }: Component): boolean => published?.get(fullName)?.authMode !== undefined;
  return [...(serving.length > 0 ? serving : all)].sort(
    (one, other) => Number(isPublished(other)) - Number(isPublished(one)),
  );
}

/**
 * The verifier of a chat deployment: tokens for channels with the same keysets are verified in the same way, in each version of
 * the API. All forged tokens are sent once for each verifier. The desired state decides, so that a drifted channel, which
 * fails anyway, doesn't cost another set of requests.
 */
export function verifierOf({ org, channel }: Pick<ChannelContext, 'org' | 'channel'>, version: number): string {
  const declared = org.desired.components.get(keyOf(channel)) ?? channel;
  const keysets = enabledAuthorizationsOf(declared).flatMap((item) => keysetNameOf(item) ?? []);
  return JSON.stringify([version, ...keysets.sort()]);
}

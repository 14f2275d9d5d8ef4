import { chatDeploymentsFor, type ChannelTraffic, type Check, type LiveState } from '../model';
import { monitorCheck } from './monitor-check';
import { evaluateShare, type ShareLimits } from './share';
import { previousWindows, type CountedChats, type TrafficWindow } from './traffic';

/** The chats of the channels with these names, in the order of the names. Channels that the org doesn't have are left out. */
export const trafficOf = (
  channels: readonly string[],
  { components, channels: records }: Pick<LiveState, 'components' | 'channels'>,
  counts: (channelId: string) => CountedChats,
  window: TrafficWindow,
): readonly ChannelTraffic[] =>
  channels.flatMap((channel) => {
    const record = records.get(channel);
    if (!record) return [];
    const chatDeployments = chatDeploymentsFor(components, channel).map(({ fullName }) => fullName);
    return [{ channel, chatDeployments, ...counts(record.id), days: previousWindows(window).length }];
  });

/**
 * One check for each channel. MessagingSession has no field for the chat deployment (field reference), so a check names one only if no
 * other chat deployment serves the channel.
 */
export const trafficChecks = (traffic: readonly ChannelTraffic[], limits: ShareLimits): readonly Check[] =>
  traffic.map((each) => {
    const [chatDeployment, ...others] = each.chatDeployments;
    return {
      ...monitorCheck('traffic', each.channel, 'verified chats', evaluateShare(each, limits)),
      ...(chatDeployment !== undefined && others.length === 0 && { chatDeployment }),
    };
  });

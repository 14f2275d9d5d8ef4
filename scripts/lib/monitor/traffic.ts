import { z } from 'zod';
import type { ChatCounts } from '../model';
import type { Sf } from '../sf';

/** The time in which chats are counted. The end isn't part of it. */
export interface TrafficWindow {
  readonly from: Date;
  readonly to: Date;
}

/** The chats of one channel in a window, and in the same hours of the previous days. */
export interface CountedChats {
  readonly now: ChatCounts;
  readonly before: ChatCounts;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const MAX_PREVIOUS_DAYS = 7;

/**
 * Counts the chats of verified users, and all chats, by channel. Salesforce counts them: a response contains record IDs of channels
 * and numbers, never the key or the name of a person. MessagingSession.MessagingChannelId has the property Group, and CreatedDate and
 * MessagingEndUser.MessagingPlatformKey have the property Filter (object reference). The platform key of a verified user starts with
 * `v2/iamessage/AUTH/` (public walkthroughs of live orgs; confirmed). Returns the counts by the record ID of the channel.
 */
export async function countChats(
  sf: Pick<Sf, 'query'>,
  alias: string,
  window: TrafficWindow,
): Promise<(channelId: string) => CountedChats> {
  const now = await countChatsIn(sf, alias, [window]);
  const before = await countChatsIn(sf, alias, previousWindows(window));
  return (id) => ({ now: now(id), before: before(id) });
}

/** The same for some windows, together. */
export async function countChatsIn(
  sf: Pick<Sf, 'query'>,
  alias: string,
  windows: readonly TrafficWindow[],
): Promise<(channelId: string) => ChatCounts> {
  if (windows.length === 0) return () => ({ verified: 0, total: 0 });
  const total = countsByChannel(await sf.query(alias, trafficQuery(windows)));
  const verified = countsByChannel(await sf.query(alias, trafficQuery(windows, IS_VERIFIED)));
  return (id) => ({ verified: verified.get(id.slice(0, 15)) ?? 0, total: total.get(id.slice(0, 15)) ?? 0 });
}

const IS_VERIFIED = " AND MessagingEndUser.MessagingPlatformKey LIKE 'v2/iamessage/AUTH/%'";

/** The query that counts the chats of each channel. */
function trafficQuery(windows: readonly TrafficWindow[], filter = ''): string {
  const times = windows
    .map(({ from, to }) => `(CreatedDate >= ${toSoql(from)} AND CreatedDate < ${toSoql(to)})`)
    .join(' OR ');
  return `SELECT MessagingChannelId, COUNT(Id) chats FROM MessagingSession WHERE ChannelType = 'EmbeddedMessaging' AND (${times})${filter} GROUP BY MessagingChannelId`;
}

const toSoql = (at: Date): string => `${at.toISOString().slice(0, 19)}Z`;

/** The same hours of the previous 7 days. A window of more than a day is compared with as many days before it. */
export function previousWindows({ from, to }: TrafficWindow): readonly TrafficWindow[] {
  const step = Math.max(1, Math.ceil((to.getTime() - from.getTime()) / DAY_MS));
  const count = Math.floor(MAX_PREVIOUS_DAYS / step);
  return Array.from({ length: count }, (_, index) => {
    const shift = (index + 1) * step * DAY_MS;
    return { from: new Date(from.getTime() - shift), to: new Date(to.getTime() - shift) };
  });
}

const countRow = z.object({ MessagingChannelId: z.string(), chats: z.coerce.number().int().nonnegative() });

/** Rows with an unexpected shape throw: a missing count must not count as no chat. */
const countsByChannel = (rows: readonly unknown[]): ReadonlyMap<string, number> =>
  new Map(rows.map((row) => countRow.parse(row)).map((row) => [row.MessagingChannelId.slice(0, 15), row.chats]));

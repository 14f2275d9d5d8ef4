import type { Org } from '../org/org';
import { Rejection } from './rejection';

/**
 * The rate limits that Salesforce documents: 200 requests for access tokens and 200 renewals a minute for each org, 3
 * conversations in 30 seconds for each page or app, 22 messages a minute from the end user for each conversation. (Help, rate
 * limits for Enhanced Chat)
 */
const LIMITS = {
  token: { setting: 'tokenLimit', rejection: 'token-limit' },
  renewal: { setting: 'renewalLimit', rejection: 'renewal-limit' },
  conversation: { setting: 'conversationLimit', rejection: 'conversation-limit' },
  message: { setting: 'messageLimit', rejection: 'message-limit' },
} as const;

/** The times of the latest accepted requests of a kind and owner, oldest first, in milliseconds since 1970. */
const requestTimes = new WeakMap<Org, Map<string, readonly number[]>>();

/**
 * Counts a request of an owner: the org, the holder of an access token, or a conversation. Throws a Rejection if the owner has had
 * as many in the period of the limit. Whether the period slides isn't documented; here it does.
 */
export function countRequest(org: Org, kind: keyof typeof LIMITS, owner = ''): void {
  const { setting, rejection } = LIMITS[kind];
  const limit = org.chatApi[setting];
  if (limit === 'off') return;
  const now = org.now().getTime();
  const times = requestTimes.get(org) ?? new Map<string, readonly number[]>();
  requestTimes.set(org, times);
  const recent = (times.get(`${kind} ${owner}`) ?? []).filter((time) => time > now - limit.milliseconds);
  if (recent.length >= limit.requests) throw new Rejection(rejection);
  times.set(`${kind} ${owner}`, [...recent, now]);
}

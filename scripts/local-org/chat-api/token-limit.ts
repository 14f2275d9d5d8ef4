import type { Org } from '../org/org';
import { Rejection } from './rejection';

/** The times of the latest granted or rejected token requests, oldest first, in milliseconds since 1970. */
const requestTimes = new WeakMap<Org, readonly number[]>();

/**
 * Counts a request for an access token. Throws a Rejection if the org has had as many in the period of the limit. (Help, rate
 * limits for Enhanced Chat: 200 requests a minute for each org. Whether the period slides isn't documented; here it does.)
 */
export function countTokenRequest(org: Org): void {
  const { tokenLimit } = org.chatApi;
  if (tokenLimit === 'off') return;
  const now = org.now().getTime();
  const recent = (requestTimes.get(org) ?? []).filter((time) => time > now - tokenLimit.milliseconds);
  if (recent.length >= tokenLimit.requests) throw new Rejection('token-limit');
  requestTimes.set(org, [...recent, now]);
}

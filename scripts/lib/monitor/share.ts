import { formatShare, npmRun, pluralize, verifiedShare, type ChatCounts } from '../model';
import { failed, inconclusive, passed, type CheckResult } from '../verification/check';

/** The limits that the share of verified chats is compared with. */
export interface ShareLimits {
  /** Minimum share in percent. */
  readonly minVerified: number;
  /** With fewer chats, the result is inconclusive. */
  readonly minChats: number;
  /** Percentage points by which the share may be below that of the previous days. */
  readonly maxDrop: number;
}

/** The chats of a channel, with those of the same hours of `days` previous days. */
export interface ShareInput {
  readonly now: ChatCounts;
  readonly before?: ChatCounts;
  readonly days?: number;
}

/** The number of standard errors from which chance doesn't explain a difference. */
const MIN_STANDARD_ERRORS = 3;

/**
 * Decides whether customers are verified, for `monitor` and a canary: compares the share of verified chats with a minimum, and with
 * the same hours of previous days. Too few chats are inconclusive. If many verified chats are usual at these hours and none
 * started, the check fails, because Salesforce may reject the tokens.
 */
export function evaluateShare(
  { now, before = { verified: 0, total: 0 }, days = 0 }: ShareInput,
  limits: ShareLimits,
): CheckResult {
  const usual = days === 0 ? 0 : before.verified / days;
  if (now.verified === 0 && usual >= limits.minChats)
    return failed(`${noneText(now)} ${usualText(usual)} ${TOKEN_FIX}`);
  if (now.total < limits.minChats)
    return inconclusive(
      `${pluralize(now.total, 'chat')} ${now.total === 1 ? 'is' : 'are'} too few to tell (minimum: ${limits.minChats}).${usual > 0 ? ` ${usualText(usual)}` : ''}`,
    );
  const share = `${formatShare(now)} of ${pluralize(now.total, 'chat')} are verified (minimum: ${limits.minVerified}%${previousText(before)}).`;
  if ((verifiedShare(now) ?? 0) < limits.minVerified) return failed(`${share} ${TOKEN_FIX}`);
  return hasDropped(now, before, limits)
    ? failed(`${share} The share is lower than in the same hours of previous days. ${TOKEN_FIX}`)
    : passed(share);
}

const TOKEN_FIX = `Fix: trace a token of your token service: ${npmRun('token', 'explain')} < token.txt`;

const noneText = ({ total }: ChatCounts): string =>
  total === 0 ? 'No chat started.' : `None of ${pluralize(total, 'chat')} is verified.`;

const usualText = (usual: number): string =>
  `In the same hours of previous days, ${pluralize(Math.round(usual), 'verified chat')} started on average.`;

const previousText = (before: ChatCounts): string =>
  before.total === 0 ? '' : `; same hours of previous days: ${formatShare(before)}`;

/** Whether the share is lower than before, by more than the limit and by more than chance explains. */
function hasDropped(now: ChatCounts, before: ChatCounts, { minChats, maxDrop }: ShareLimits): boolean {
  const [current, previous] = [verifiedShare(now), verifiedShare(before)];
  if (current === undefined || previous === undefined || before.total < minChats) return false;
  const drop = previous - current;
  return drop > maxDrop && drop / 100 > MIN_STANDARD_ERRORS * standardError(now, before);
}

/** The standard error of the difference between two shares (two-proportion test). */
function standardError(one: ChatCounts, other: ChatCounts): number {
  const share = (one.verified + other.verified) / (one.total + other.total);
  return Math.sqrt(share * (1 - share) * (1 / one.total + 1 / other.total));
}

/**
 * Whether the share is below the minimum by more than chance explains, so that more chats can't change the result. With a minimum of
 * 100%, one unverified chat is enough.
 */
export function isClearlyBelow(counts: ChatCounts, { minVerified, minChats }: ShareLimits): boolean {
  if (counts.total < minChats) return false;
  const minimum = minVerified / 100;
  const share = counts.verified / counts.total;
  return minimum - share > MIN_STANDARD_ERRORS * Math.sqrt((minimum * (1 - minimum)) / counts.total);
}

/** Returns the seconds until a session can get a token; 0 if it can get one now. Times are milliseconds. */
type RateLimit = (session: string, now: number) => number;

/** With more sessions than this, expired windows are removed. */
const CLEANUP_THRESHOLD = 10_000;

/**
 * Limits the tokens of each session per minute. Several tabs and renewals need a few tokens; a malicious script in a page, or a
 * page in a loop, gets no more than the limit.
 */
export function createRateLimit(maxRequests: number, windowMs = 60_000): RateLimit {
  const windows = new Map<string, { count: number; readonly endsAt: number }>();
  return (session, now) => {
    if (windows.size > CLEANUP_THRESHOLD) windows.forEach(({ endsAt }, id) => endsAt <= now && windows.delete(id));
    const previous = windows.get(session);
    const window = previous && now < previous.endsAt ? previous : { count: 0, endsAt: now + windowMs };
    windows.set(session, window);
    window.count += 1;
    return window.count <= maxRequests ? 0 : Math.ceil((window.endsAt - now) / 1000);
  };
}

/** Answers how many seconds a session has to wait; 0 when it may have its token now. Times are milliseconds. */
export type RateLimit = (session: string, now: number) => number;

/** From here on, sessions that have been quiet are forgotten. */
const CLEANUP_THRESHOLD = 10_000;

/**
 * Lets each session have so many tokens a minute. Several tabs and a renewal need a few; a script that was smuggled into a
 * page and collects tokens, or a page that asks in a loop, gets no more than that.
 */
export function createRateLimit(maxRequests: number, windowMs = 60_000): RateLimit {
  const windows = new Map<string, { count: number; readonly ends: number }>();
  return (session, now) => {
    if (windows.size > CLEANUP_THRESHOLD)
      windows.forEach(({ ends: endsAt }, id) => endsAt <= now && windows.delete(id));
    const previous = windows.get(session);
    const window = previous && now < previous.ends ? previous : { count: 0, ends: now + windowMs };
    windows.set(session, window);
    window.count += 1;
    return window.count <= maxRequests ? 0 : Math.ceil((window.ends - now) / 1000);
  };
}

/** Answers how many seconds a session has to wait; 0 when it may have its token now. Times are milliseconds. */
export type RateLimit = (session: string, now: number) => number;

/** From here on, sessions that have been quiet are forgotten. */
const MANY = 10_000;

/**
 * Lets each session have so many tokens a minute. Several tabs and a renewal need a few; a script that was smuggled into a
 * page and collects tokens, or a page that asks in a loop, gets no more than that.
 */
export function rateLimit(most: number, span = 60_000): RateLimit {
  const windows = new Map<string, { count: number; readonly ends: number }>();
  return (session, now) => {
    if (windows.size > MANY) windows.forEach(({ ends }, id) => ends <= now && windows.delete(id));
    const known = windows.get(session);
    const open = known && now < known.ends ? known : { count: 0, ends: now + span };
    windows.set(session, open);
    open.count += 1;
    return open.count <= most ? 0 : Math.ceil((open.ends - now) / 1000);
  };
}

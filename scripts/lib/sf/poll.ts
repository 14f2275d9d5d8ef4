import { setTimeout as pause } from 'node:timers/promises';

/** Pauses between attempts in milliseconds: `first`, then twice as long each time, up to `max`. */
export interface Backoff {
  readonly first: number;
  readonly max: number;
}

/** The pause before retry `retry` (0 is the first retry), in milliseconds. */
export const backoffMs = ({ first, max }: Backoff, retry: number): number => Math.min(max, first * 2 ** retry);

/**
 * Runs `attempt` until `isDone` accepts its result, with growing pauses in between, for up to `timeout` milliseconds. The last
 * attempt takes place when that time has passed. Returns the result of the last attempt, whether accepted or not. An error
 * that `attempt` throws ends the poll.
 */
export async function poll<T>(
  attempt: () => Promise<T>,
  isDone: (result: T) => boolean,
  timeout: number,
  backoff: Backoff,
): Promise<T> {
  const start = Date.now();
  for (let retry = 0; ; retry++) {
    const result = await attempt();
    const remaining = start + timeout - Date.now();
    if (remaining <= 0 || isDone(result)) return result;
    await pause(Math.min(remaining, backoffMs(backoff, retry)));
  }
}

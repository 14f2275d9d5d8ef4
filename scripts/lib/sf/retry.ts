import { setTimeout as pause } from 'node:timers/promises';
import { ToolError } from '../errors';
import { backoffMs } from './poll';
import { retryPolicyFor, type CliError, type RetryPolicy } from './retry-policies';

/** The effect of a request on an org: it only reads, it can be repeated without a further effect, or it must arrive only once. */
export type Effect = 'read' | 'idempotent' | 'once';

const MAX_PAUSE_MS = 30_000;

/** How often a request was retried, and when it was first sent, in milliseconds since 1970. */
export interface Attempts {
  readonly retries: number;
  readonly startedAt: number;
}

/**
 * Runs a request and retries it as RETRY_POLICIES specifies. A request that must arrive only once isn't retried here: what it
 * sends can be outdated after a pause, so its sender prepares it again (`retryPause`). Throws the error of the last attempt.
 */
export async function withRetry<T>(effect: Effect, request: () => Promise<T>): Promise<T> {
  const startedAt = Date.now();
  for (let retries = 0; ; retries++) {
    try {
      return await request();
    } catch (thrown) {
      const wait = effect === 'once' ? undefined : retryPause(thrown, effect, { retries, startedAt });
      if (wait === undefined) throw thrown;
      await pause(wait);
    }
  }
}

/**
 * The pause before a failed request is sent again, in milliseconds; undefined if it isn't sent again. A request that must arrive
 * only once is sent again only after failures in which the org did nothing.
 */
export function retryPause(thrown: unknown, effect: Effect, { retries, startedAt }: Attempts): number | undefined {
  const policy = matchingRetryPolicy(thrown);
  if (!policy || !isRetryable(policy, effect) || retries >= policy.maxRetries) return undefined;
  const wait = jittered(backoffMs({ first: policy.pauseMs, max: MAX_PAUSE_MS }, retries));
  return Date.now() - startedAt + wait > policy.budgetMs ? undefined : wait;
}

/** Names the failure and the next attempt, such as `row lock, attempt 2 of at most 7`. `retries`: retries so far. */
export function describeRetry(thrown: unknown, retries: number): string {
  const policy = matchingRetryPolicy(thrown);
  return policy
    ? `${policy.name}, attempt ${retries + 2} of at most ${policy.maxRetries + 1}`
    : `attempt ${retries + 2}`;
}

/** The retry policy of a thrown error; undefined if there is none. */
function matchingRetryPolicy(thrown: unknown): RetryPolicy | undefined {
  if (!(thrown instanceof ToolError) || !isCliError(thrown.cause)) return undefined;
  return retryPolicyFor(thrown.cause);
}

/** Whether the org certainly did nothing with a failed request. */
export const hadNoEffect = (thrown: unknown): boolean => matchingRetryPolicy(thrown)?.done === 'nothing';

const isRetryable = ({ done }: RetryPolicy, effect: Effect): boolean => effect !== 'once' || done === 'nothing';

/** Spreads retries over time: after a network failure, the requests to all orgs fail together. */
const jittered = (milliseconds: number): number => milliseconds * (0.5 + Math.random());

function isCliError(cause: unknown): cause is CliError {
  const { name, message } = (cause ?? {}) as Partial<CliError>;
  return typeof name === 'string' && typeof message === 'string';
}

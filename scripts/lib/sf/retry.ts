import { setTimeout as pause } from 'node:timers/promises';
import { ToolError } from '../errors';
import { retryPolicyFor, type CliError, type RetryPolicy } from './retry-policies';

/**
 * What a request does to an org: it looks, it leaves the org the same however often it is sent, or it must arrive only once.
 */
export type Effect = 'read' | 'idempotent' | 'once';

const MAX_PAUSE_MS = 30_000;

/**
 * Makes a request and repeats it as the table of faults says. A request that must arrive only once is repeated after those
 * faults alone in which the org did nothing. Throws what the last attempt threw.
 */
export async function withRetry<T>(effect: Effect, request: () => Promise<T>): Promise<T> {
  const start = Date.now();
  for (let retries = 0; ; retries++) {
    try {
      return await request();
    } catch (thrown) {
      const policy = matchingRetryPolicy(thrown);
      if (!policy || !isRetryable(policy, effect)) throw thrown;
      const wait = jittered(Math.min(MAX_PAUSE_MS, policy.pauseMs * 2 ** retries));
      if (retries >= policy.maxRetries || Date.now() - start + wait > policy.budgetMs) throw thrown;
      await pause(wait);
    }
  }
}

/** The fault behind a thrown error; undefined when it has no name. */
export function matchingRetryPolicy(thrown: unknown): RetryPolicy | undefined {
  if (!(thrown instanceof ToolError) || !isCliError(thrown.cause)) return undefined;
  return retryPolicyFor(thrown.cause);
}

/** Whether the org did nothing with a request that failed so. */
export const hadNoEffect = (thrown: unknown): boolean => matchingRetryPolicy(thrown)?.done === 'nothing';

const isRetryable = ({ done }: RetryPolicy, effect: Effect): boolean => effect !== 'once' || done === 'nothing';

/** Many orgs fail together when a network does; they must not all come back at once. */
const jittered = (milliseconds: number): number => milliseconds * (0.5 + Math.random());

function isCliError(cause: unknown): cause is CliError {
  const { name, message } = (cause ?? {}) as Partial<CliError>;
  return typeof name === 'string' && typeof message === 'string';
}

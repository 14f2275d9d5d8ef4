import { identityError, reasonOf } from './identity-error.js';
import { delay, SECOND, withTimeout } from './time.js';
import { hasExpired } from './token.js';

/** @import { GetToken, Reason } from './types.js' */

/** The chat client waits 30 seconds for a token. Three attempts of up to 6 seconds, and the delays between them, take 21. */
const MAX_ATTEMPTS = 3;
const ATTEMPT_TIMEOUT = 6 * SECOND;

/** The attempt count is reset after this time without an attempt. */
const RESET_AFTER = 60 * SECOND;

/**
 * Creates a token source that retries after a failure and limits the number of requests. The chat client requests the next token
 * immediately when Salesforce rejects one, so without a limit a single wrong setting causes a flood of requests.
 * @param {GetToken} getToken
 */
export function retryingSource(getToken) {
  let attempts = 0;
  let lastAttempt = 0;
  /** The reason to report when no attempts are left. @type {Reason} */
  let reason;

  /** Waits before an attempt: no delay, then up to 1 and 2 seconds. The delay is random to spread the requests of customers. */
  async function nextAttempt() {
    const now = performance.now();
    if (now - lastAttempt > RESET_AFTER) attempts = 0;
    if (attempts === MAX_ATTEMPTS) throw identityError(reason);
    lastAttempt = now;
    attempts += 1;
    if (attempts > 1) await delay(SECOND * 2 ** (attempts - 3) * (1 + Math.random()));
  }

  return {
    /**
     * Returns a token that hasn't expired, or nothing for an unverified user or after an abort. Fails with a reason.
     * @param {AbortSignal} signal
     */
    async get(signal) {
      for (;;) {
        await nextAttempt();
        if (signal.aborted) return undefined;
        try {
          const token = await withTimeout(ATTEMPT_TIMEOUT, getToken, signal);
          if (token && hasExpired(token, Date.now())) throw identityError('expired');
          reason = 'rejected-by-salesforce';
          return token;
        } catch (error) {
          reason = reasonOf(error);
          if (reason !== 'unreachable' && reason !== 'timeout') throw error;
        }
      }
    },

    /** Resets the attempt count. */
    reset() {
      attempts = 0;
    },
  };
}

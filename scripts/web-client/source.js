import { failure, reasonOf } from './failure.js';
import { pause, SECOND, within } from './time.js';
import { hasExpired } from './token.js';

/** @import { GetToken, Reason } from './types.js' */

/** Chat waits 30 seconds for a token: three attempts of at most 6 seconds, and the pauses between them, take 21. */
const MOST = 3;
const TIMEOUT = 6 * SECOND;

/** After so long without an attempt the count starts again. */
const CALM = 60 * SECOND;

/** What may pass, and is tried again. @type {ReadonlySet<Reason>} */
const PASSING = new Set(['unreachable', 'slow']);

/**
 * A source of tokens that is asked again when it fails, and not too often: chat asks at once for the next token when it does
 * not accept one, so that without a limit one wrong setting becomes a storm of requests.
 * @param {GetToken} getToken
 */
export function patientSource(getToken) {
  let count = 0;
  let last = 0;
  /** Why the next attempt would be one too many. @type {Reason} */
  let reason;

  /** Waits for its turn: not at all, then up to 1 and 2 seconds; by chance, so that not all customers ask together. */
  async function attempt() {
    const now = performance.now();
    if (now - last > CALM) count = 0;
    if (count === MOST) throw failure(reason);
    last = now;
    count += 1;
    if (count > 1) await pause(SECOND * 2 ** (count - 3) * (1 + Math.random()));
  }

  return {
    /**
     * A token that has not expired, or nothing for guests and after an abort; fails with a reason.
     * @param {AbortSignal} signal
     */
    async get(signal) {
      for (;;) {
        await attempt();
        if (signal.aborted) return undefined;
        try {
          const token = await within(TIMEOUT, getToken, signal);
          if (token && hasExpired(token, Date.now())) throw failure('expired');
          reason = 'rejected';
          return token;
        } catch (thrown) {
          reason = reasonOf(thrown);
          if (!PASSING.has(reason)) throw thrown;
        }
      }
    },

    /** Starts the count again. */
    reset() {
      count = 0;
    },
  };
}

const SECOND_MS = 1000;

/** The count is reset after this time without a request. It's twice the time that chat waits for a new token. */
const RESET_AFTER_MS = 60 * SECOND_MS;

/**
 * Counts token requests and returns the delay before the next one. Chat requests the next token immediately when Salesforce
 * rejects one, so without a limit a single wrong setting causes a flood of requests.
 */
export class Attempts {
  count = 0;
  last = -Infinity;

  constructor(limit) {
    this.limit = limit;
  }

  /** Returns the delay in milliseconds (none, then 1, 2, 4 ... seconds), or undefined if no attempts are left. */
  next(now) {
    if (now - this.last > RESET_AFTER_MS) this.count = 0;
    if (this.count >= this.limit) return undefined;
    this.last = now;
    this.count += 1;
    return this.count === 1 ? 0 : SECOND_MS * 2 ** (this.count - 2);
  }
}

const SECOND = 1000;

/** After so long without a question the count starts again: twice the time that chat waits for a new token. */
const CALM = 60 * SECOND;

/**
 * Counts how often a token was asked for and says how long the next one has to wait. Chat asks again at once when it does
 * not accept a token, so without a limit one wrong setting becomes a storm of requests.
 */
export class Attempts {
  count = 0;
  last = -Infinity;

  constructor(limit) {
    this.limit = limit;
  }

  /** Takes one attempt: its wait in milliseconds (none, then 1, 2, 4 ... seconds), or undefined when none is left. */
  take(now) {
    if (now - this.last > CALM) this.count = 0;
    if (this.count >= this.limit) return undefined;
    this.last = now;
    this.count += 1;
    return this.count === 1 ? 0 : SECOND * 2 ** (this.count - 2);
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';

/** How many requests for access tokens an org gets in which time. */
export interface TokenRate {
  readonly requests: number;
  readonly milliseconds: number;
}

/** Requests that wait because the budget of this moment is spent, and the time until the last one of them can start. */
export interface TokenWait {
  readonly requests: number;
  readonly milliseconds: number;
}

/** A shorter wait isn't reported. */
const NOTABLE_WAIT_MS = 1000;

/** Requests that wait for their response at the same time. */
const MAX_IN_FLIGHT = 10;

/**
 * Limits the requests for access tokens to one org. Salesforce allows 200 a minute, shared with the customers of the org (Help,
 * rate limits for Enhanced Chat), so a verification that sends more locks customers out. In no period of the given length,
 * more requests start than allowed.
 */
export class TokenBudget {
  readonly #rate: TokenRate;
  readonly #limit = pLimit(MAX_IN_FLIGHT);
  /** The start times of the latest requests, oldest first, in milliseconds since 1970. */
  #starts: readonly number[] = [];
  #turn: Promise<void> = Promise.resolve();
  /** How many requests haven't started. */
  #queued = 0;
  readonly #onWait: (wait: TokenWait) => void;

  /** `onWait` is called before the budget makes requests wait, once for all that wait for the same moment. */
  constructor(rate: TokenRate, onWait: (wait: TokenWait) => void = () => undefined) {
    this.#rate = rate;
    this.#onWait = onWait;
  }

  /** Sends a request as soon as the budget allows it. Requests start in the order of the calls. */
  run<T>(send: () => Promise<T>): Promise<T> {
    this.#queued++;
    return this.#limit(async () => {
      const turn = this.#turn.then(() => this.#waitForTurn());
      this.#turn = turn;
      await turn;
      return send();
    });
  }

  async #waitForTurn(): Promise<void> {
    const { requests, milliseconds } = this.#rate;
    const oldest = this.#starts.at(-requests);
    const earliest = oldest === undefined ? 0 : oldest + milliseconds;
    const wait = earliest - Date.now();
    if (wait >= NOTABLE_WAIT_MS)
      this.#onWait({
        requests: this.#queued,
        milliseconds: wait + Math.floor((this.#queued - 1) / requests) * milliseconds,
      });
    // A timer can fire a moment too early.
    while (Date.now() < earliest) await sleep(earliest - Date.now());
    this.#starts = [...this.#starts, Date.now()].slice(-requests);
    this.#queued--;
  }
}

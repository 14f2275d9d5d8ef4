import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';

/** How many requests for access tokens an org gets in which time. */
export interface TokenRate {
  readonly requests: number;
  readonly milliseconds: number;
}

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

  constructor(rate: TokenRate) {
    this.#rate = rate;
  }

  /** Sends a request as soon as the budget allows it. Requests start in the order of the calls. */
  run<T>(send: () => Promise<T>): Promise<T> {
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
    // A timer can fire a moment too early.
    while (Date.now() < earliest) await sleep(earliest - Date.now());
    this.#starts = [...this.#starts, Date.now()].slice(-requests);
  }
}

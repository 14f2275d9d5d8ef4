import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import { pluralize } from '../model';

/** How many requests for access tokens an org gets in which time. */
export interface TokenRate {
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
  readonly #onWait: (text: string) => void;

  /**
   * `onWait` gets a text for the user (for how long, and why) before the budget makes requests wait, once for all that wait for the
   * same moment.
   */
  constructor(rate: TokenRate, onWait: (text: string) => void) {
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
    const now = Date.now();
    // After the clock was set back, earlier starts are in the future. Waiting for them could take hours.
    this.#starts = this.#starts.filter((start) => start <= now);
    const oldest = this.#starts.at(-requests);
    const wait = oldest === undefined ? 0 : oldest + milliseconds - now;
    if (wait >= NOTABLE_WAIT_MS) this.#onWait(this.#waitText(wait));
    if (wait > 0) await sleep(wait);
    this.#starts = [...this.#starts, Date.now()].slice(-requests);
    this.#queued--;
  }

  /** The text of a wait until the next request can start. The last one can start when all before it have. */
  #waitText(wait: number): string {
    const { requests, milliseconds } = this.#rate;
    const total = wait + Math.floor((this.#queued - 1) / requests) * milliseconds;
    return `waiting for the token budget: ${pluralize(this.#queued, 'token request')} left, ${requests} each ${formatMilliseconds(milliseconds)}, so at least ${formatMilliseconds(total)}. The customers of the org share its limit of 200 a minute (--token-budget)`;
  }
}

function formatMilliseconds(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  const parts = [
    ...(seconds >= 60 ? [pluralize(Math.floor(seconds / 60), 'minute')] : []),
    ...(seconds % 60 > 0 || seconds === 0 ? [pluralize(seconds % 60, 'second')] : []),
  ];
  return parts.join(' ');
}

import { setTimeout as sleep } from 'node:timers/promises';

/** The result of a request: milliseconds since it was due, and whether the response was the expected one. */
export interface LoadResponse {
  readonly milliseconds: number;
  readonly correct: boolean;
}

/**
 * Sends requests at a fixed rate without waiting for responses. Response times start when the request was due, so that
 * they include the delay of an overloaded server.
 */
export async function runAtRate(
  rate: number,
  seconds: number,
  send: (index: number) => Promise<boolean>,
): Promise<LoadResponse[]> {
  const responses: Promise<LoadResponse>[] = [];
  const start = performance.now();
  const dueAt = (index: number): number => start + (index * 1000) / rate;
  for (let index = 0; index < rate * seconds; index++) {
    const wait = dueAt(index) - performance.now();
    if (wait > 0) await sleep(wait);
    responses.push(timeRequest(dueAt(index), () => send(index)));
  }
  return Promise.all(responses);
}

async function timeRequest(due: number, send: () => Promise<boolean>): Promise<LoadResponse> {
  const correct = await send().catch(() => false);
  return { milliseconds: performance.now() - due, correct };
}

/** The result of a run. */
export interface Summary {
  readonly requests: number;
  readonly wrong: number;
  /** Responses per second, from the first request to the last response. */
  readonly rate: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** Summarizes the responses of a run that took `milliseconds`. */
export function summarize(responses: readonly LoadResponse[], milliseconds: number): Summary {
  const sorted = responses.map((response) => response.milliseconds).sort((one, other) => one - other);
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  const wrong = responses.filter(({ correct }) => !correct).length;
  const rate = (responses.length * 1000) / milliseconds;
  return { requests: responses.length, wrong, rate, p50: at(0.5), p99: at(0.99), max: at(1) };
}

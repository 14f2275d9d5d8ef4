import { setTimeout as sleep } from 'node:timers/promises';

/** What one request came to: milliseconds from the moment it was due, and whether the answer was the right one. */
export interface LoadResponse {
  readonly milliseconds: number;
  readonly correct: boolean;
}

/**
 * Asks at a fixed rate, whether or not earlier questions have been answered. The time of an answer counts from the moment
 * its question was due, so that a server that falls behind cannot hide it.
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
    const early = dueAt(index) - performance.now();
    if (early > 0) await sleep(early);
    responses.push(timeRequest(dueAt(index), () => send(index)));
  }
  return Promise.all(responses);
}

async function timeRequest(due: number, send: () => Promise<boolean>): Promise<LoadResponse> {
  const correct = await send().catch(() => false);
  return { milliseconds: performance.now() - due, correct: correct };
}

/** What a run came to. */
export interface Summary {
  readonly requests: number;
  readonly wrong: number;
  /** answers a second, from the first question to the last answer */
  readonly rate: number;
  /** milliseconds */
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** Sums up answers that took so many milliseconds altogether. */
export function summarize(answers: readonly LoadResponse[], milliseconds: number): Summary {
  const sorted = answers.map((answer) => answer.milliseconds).sort((one, other) => one - other);
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  const wrong = answers.filter(({ correct }) => !correct).length;
  const rate = (answers.length * 1000) / milliseconds;
  return { requests: answers.length, wrong, rate, p50: at(0.5), p99: at(0.99), max: at(1) };
}

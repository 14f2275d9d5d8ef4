import { mock } from 'node:test';

/** The result of some work, and how long it took on the virtual clock, in milliseconds. */
export interface TimedResult<T> {
  readonly result: T;
  readonly elapsed: number;
}

/** More timers than any tested wait needs: a wait without end fails instead of hanging. */
const MAX_ROUNDS = 1_000;

/**
 * Runs work on a virtual clock that starts at 2026-11-27T10:00:00Z: a timer fires as soon as nothing else is left to run, and the
 * clock then shows its time. So a test of minutes of waiting takes milliseconds, and its times are exact.
 */
export async function onVirtualTime<T>(work: () => Promise<T>): Promise<TimedResult<T>> {
  mock.timers.enable({ apis: ['setTimeout', 'Date'], now: Date.UTC(2026, 10, 27, 10) });
  const start = Date.now();
  let pending = true;
  const done = work().finally(() => (pending = false));
  done.catch(() => undefined);
  try {
    for (let round = 0; pending; round++) {
      if (round > MAX_ROUNDS) throw new Error('The work waits without end.');
      await new Promise((resolve) => setImmediate(resolve));
      if (pending) mock.timers.runAll();
    }
    return { result: await done, elapsed: Date.now() - start };
  } finally {
    mock.timers.reset();
  }
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backoffMs, poll } from '../../../lib/sf/poll';
import { onVirtualTime } from '../virtual-time';

const BACKOFF = { first: 1_000, max: 5_000 };

/** Polls until `count` attempts were made. */
async function pollFor(count: number, timeout: number) {
  const times: number[] = [];
  const attempt = (): Promise<number> => {
    times.push(Date.now());
    return Promise.resolve(times.length);
  };
  const timed = await onVirtualTime(() => poll(attempt, (made) => made >= count, timeout, BACKOFF));
  return { ...timed, times: times.map((time) => time - (times[0] ?? 0)) };
}

test('backoffMs doubles the pause up to the maximum', () => {
  assert.deepEqual(
    [0, 1, 2, 3, 4, 50].map((retry) => backoffMs(BACKOFF, retry)),
    [1_000, 2_000, 4_000, 5_000, 5_000, 5_000],
  );
});

test('poll returns the first accepted result at once', async () => {
  assert.deepEqual(await pollFor(1, 60_000), { result: 1, elapsed: 0, times: [0] });
});

test('poll makes attempts with growing pauses until one is accepted', async () => {
  assert.deepEqual((await pollFor(5, 60_000)).times, [0, 1_000, 3_000, 7_000, 12_000]);
});

test('poll makes the last attempt when the timeout has passed and returns its result', async () => {
  assert.deepEqual(await pollFor(9, 10_000), { result: 5, elapsed: 10_000, times: [0, 1_000, 3_000, 7_000, 10_000] });
});

test('poll makes one attempt if the timeout is 0 or negative', async () => {
  for (const timeout of [0, -1]) assert.deepEqual((await pollFor(9, timeout)).times, [0]);
});

test('poll ends with the error that an attempt throws', async () => {
  const failing = poll(
    () => Promise.reject(new Error('attempt')),
    () => false,
    60_000,
    BACKOFF,
  );
  await assert.rejects(failing, /attempt/);
});

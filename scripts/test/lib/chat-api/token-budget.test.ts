import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import fc from 'fast-check';
import { setTimeout as pause } from 'node:timers/promises';
import { TokenBudget, type TokenRate } from '../../../lib/chat-api';
import { onVirtualTime } from '../virtual-time';

/** Sends requests that each take `duration` milliseconds, and returns their start times since the first one. */
async function startsOf(rate: TokenRate, count: number, duration = 0): Promise<readonly number[]> {
  const starts: number[] = [];
  await onVirtualTime(async () => {
    const budget = new TokenBudget(rate, () => undefined);
    const requests = Array.from({ length: count }, (_, index) =>
      budget.run(async () => {
        starts.push(Date.now());
        await pause(duration);
        return index;
      }),
    );
    assert.deepEqual(await Promise.all(requests), [...Array(count).keys()], 'each caller gets its own result');
  });
  return starts.map((start) => start - (starts[0] ?? 0));
}

const MINUTE: TokenRate = { requests: 60, milliseconds: 60_000 };

test('sends the requests of one minute at once, and the next one a minute later', async () => {
  assert.deepEqual(new Set(await startsOf(MINUTE, 60)), new Set([0]));
  assert.deepEqual((await startsOf(MINUTE, 130)).slice(58), [
    0,
    0,
    ...Array<number>(60).fill(60_000),
    ...Array<number>(10).fill(120_000),
  ]);
});

test('reports once how many requests wait, until when the last one can start, and why', async () => {
  const waits: string[] = [];
  await onVirtualTime(async () => {
    const budget = new TokenBudget(MINUTE, (text) => void waits.push(text));
    await Promise.all(Array.from({ length: 130 }, () => budget.run(() => Promise.resolve())));
  });
  const why = 'The customers of the org share its limit of 200 a minute (--token-budget)';
  assert.deepEqual(waits, [
    `waiting for the token budget: 70 token requests left, 60 each 1 minute, so at least 2 minutes. ${why}`,
    `waiting for the token budget: 10 token requests left, 60 each 1 minute, so at least 1 minute. ${why}`,
  ]);
});

test('reports no wait if the budget is enough', async () => {
  const budget = new TokenBudget(MINUTE, () => assert.fail('a wait'));
  await Promise.all(Array.from({ length: 60 }, () => budget.run(() => Promise.resolve())));
});

test('never sends more requests in a period than allowed, whatever their duration', async () => {
  const rate = fc.record({ requests: fc.integer({ min: 1, max: 12 }), milliseconds: fc.integer({ min: 1, max: 500 }) });
  await fc.assert(
    fc.asyncProperty(
      rate,
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 0, max: 200 }),
      async (each, count, duration) => {
        const starts = await startsOf(each, count, duration);
        for (const [index, start] of starts.entries())
          assert.ok(start - (starts[index - each.requests] ?? -Infinity) >= each.milliseconds);
      },
    ),
    { numRuns: 40 },
  );
});

test('goes on after a request that fails', async () => {
  const budget = new TokenBudget({ requests: 1, milliseconds: 1 }, () => undefined);
  await assert.rejects(
    budget.run(() => Promise.reject(new Error('lost'))),
    { message: 'lost' },
  );
  assert.equal(await budget.run(() => Promise.resolve('next')), 'next');
});

test('waits no longer than its period if the clock is set back', async () => {
  const { elapsed } = await onVirtualTime(async () => {
    const budget = new TokenBudget({ requests: 2, milliseconds: 60_000 }, () => undefined);
    const sendTwo = () => Promise.all([1, 2].map(() => budget.run(() => Promise.resolve())));
    await sendTwo();
    mock.timers.setTime(Date.now() - 3_600_000);
    await sendTwo();
    await sendTwo();
  });
  assert.equal(elapsed, 60_000 - 3_600_000);
});

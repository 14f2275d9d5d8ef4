import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { runAtRate, summarize } from '../../bench/load/run-at-rate';
import { runScript } from '../lib/cli/run-script';

test('the load test asks, checks every answer, and sums up', async () => {
  const { exit, out, err } = await runScript('scripts/load-test.ts', ['--rate', '100', '--seconds', '2', '--json']);
  const { summary } = JSON.parse(out) as { summary: Record<string, number> };
  assert.deepEqual([exit, summary['requests'], summary['wrong']], [0, 200, 0], err);
});

test('questions do not wait for answers', async () => {
  let open = 0;
  let most = 0;
  await runAtRate(1_000, 0.05, async () => {
    most = Math.max(most, ++open);
    await sleep(200);
    open--;
    return true;
  });
  assert.equal(most, 50);
});

test('a summary counts wrong and lost answers', async () => {
  const answers = await runAtRate(1_000, 0.01, (index) =>
    index === 3 ? Promise.reject(new Error('lost')) : Promise.resolve(index !== 5),
  );
  const { requests, wrong } = summarize(answers, 10);
  assert.deepEqual([requests, wrong], [10, 2]);
  const times = summarize(
    [1, 2, 3, 4].map((milliseconds) => ({ milliseconds, correct: true })),
    1_000,
  );
  assert.deepEqual([times.p50, times.p99, times.max, times.rate], [2, 4, 4, 4]);
});

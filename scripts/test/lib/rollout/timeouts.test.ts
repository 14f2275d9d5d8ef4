import assert from 'node:assert/strict';
import { test } from 'node:test';
import { durationFlag, timeoutsFrom } from '../../../lib/rollout/timeouts';

test('the timeouts default to 10 minutes for a lock and 60 seconds for a submission', () => {
  assert.deepEqual(timeoutsFrom({}), { lock: 600_000, submit: 60_000 });
});

test('each timeout comes from its own flag', () => {
  assert.deepEqual(timeoutsFrom({ lockTimeout: '2m' }), { lock: 120_000, submit: 60_000 });
  assert.deepEqual(timeoutsFrom({ submitTimeout: '5s' }), { lock: 600_000, submit: 5_000 });
});

test('durationFlag returns milliseconds, or the default if the flag is not set', () => {
  assert.equal(durationFlag('--wave-delay', '10m', 7), 600_000);
  assert.equal(durationFlag('--wave-delay', undefined, 7), 7);
  assert.equal(durationFlag('--wave-delay', undefined), 0);
});

test('durationFlag rejects any other text with exit code 3 and names the flag', () => {
  for (const text of ['', '10', 'm', '10 m', '1.5h', '-1m'])
    assert.throws(() => durationFlag('--max-age', text, 7), { code: 'invalid-flag', exit: 3, what: /--max-age/ });
});

import assert from 'node:assert/strict';
import { afterEach, mock, test } from 'node:test';
import { ToolError } from '../../../lib/errors';
import { hadNoEffect, retryPause } from '../../../lib/sf';
import { withRetry, type Effect } from '../../../lib/sf/retry';
import { onVirtualTime } from '../virtual-time';

const cliError = (name: string, message = '', cause = ''): ToolError =>
  new ToolError('deploy-failed', { what: '', why: '', fix: '' }, { cause: { name, message, cause } });

/** The attempts of a request that always fails, and their time in milliseconds. */
async function retry(effect: Effect, error: Error, random = 0.5) {
  mock.method(Math, 'random', () => random);
  let attempts = 0;
  const request = (): Promise<never> => {
    attempts++;
    return Promise.reject(error);
  };
  const { result, elapsed } = await onVirtualTime(() => withRetry(effect, request).catch((thrown: unknown) => thrown));
  assert.equal(result, error);
  return [attempts, elapsed];
}
afterEach(() => mock.restoreAll());

/** One failure of each kind: attempts and milliseconds for a request that can be repeated, attempts for a submission. */
const CASES: readonly (readonly [name: string, error: ToolError, attempts: number, elapsed: number, once: number])[] = [
  ['a rejected login', cliError('JwtAuthError', 'invalid_grant'), 1, 0, 1],
  ['the request limit', cliError('REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.'), 1, 0, 1],
  ['an expired session', cliError('INVALID_SESSION_ID'), 2, 0, 2],
  ['a row lock', cliError('UNABLE_TO_LOCK_ROW'), 7, 90_000, 7],
  ['a running deploy job', cliError('ALREADY_IN_PROCESS'), 21, 545_000, 21],
  ['a rejected connection', cliError('Error', 'connect ECONNREFUSED'), 5, 7_500, 5],
  ['an unavailable org', cliError('ERROR_HTTP_503'), 5, 15_000, 1],
  ['a lost connection', cliError('FetchError', 'read ECONNRESET'), 5, 7_500, 1],
  ['a missing response', cliError('NoResponse'), 2, 0, 1],
  ['a worker that exited', cliError('WorkerExited'), 2, 0, 1],
  ['an unknown error', cliError('INSUFFICIENT_ACCESS'), 1, 0, 1],
];

for (const [name, error, attempts, elapsed, once] of CASES) {
  test(`${name}: makes ${attempts} attempts to read within ${elapsed / 1_000} seconds`, async () => {
    assert.deepEqual(await retry('read', error), [attempts, elapsed]);
    assert.deepEqual(await retry('idempotent', error), [attempts, elapsed]);
  });

  test(`${name}: makes ${once} attempts to submit, each prepared anew`, async () => {
    assert.deepEqual(await retry('once', error), [1, 0]);
    mock.method(Math, 'random', () => 0.5);
    mock.timers.enable({ apis: ['Date'], now: 0 });
    let retries = 0;
    for (; ; retries++) {
      const wait = retryPause(error, 'once', { retries, startedAt: 0 });
      if (wait === undefined) break;
      mock.timers.tick(wait);
    }
    mock.timers.reset();
    assert.equal(retries + 1, once);
  });
}

test('pauses are between half and one and a half times as long', async () => {
  const error = cliError('Error', 'connect ECONNREFUSED');
  // 0.25 + 0.5 + 1 + 2 + 4 seconds, and 0.75 + 1.5 + 3 + 6 seconds within the budget of 15 seconds.
  assert.deepEqual(await retry('read', error, 0), [6, 7_750]);
  assert.deepEqual(await retry('read', error, 1), [5, 11_250]);
});

test('an error that does not come from the CLI is not retried', async () => {
  for (const error of [new Error('UNABLE_TO_LOCK_ROW'), new ToolError('internal', { what: '', why: '', fix: '' })])
    assert.deepEqual(await retry('read', error), [1, 0]);
});

test('returns the result of a retry that succeeds', async () => {
  mock.method(Math, 'random', () => 0.5);
  let attempts = 0;
  const request = (): Promise<string> =>
    ++attempts < 3 ? Promise.reject(cliError('UNABLE_TO_LOCK_ROW')) : Promise.resolve('done');
  const { result, elapsed } = await onVirtualTime(() => withRetry('read', request));
  assert.deepEqual([result, attempts, elapsed], ['done', 3, 6_000]);
});

test('hadNoEffect is true only for failures in which the org certainly did nothing', () => {
  const names = CASES.filter(([, error]) => hadNoEffect(error)).map(([name]) => name);
  assert.deepEqual(names, [
    'a rejected login',
    'the request limit',
    'an expired session',
    'a row lock',
    'a running deploy job',
    'a rejected connection',
  ]);
});

test('a failed fetch whose cause is a rejected connection had no effect', () => {
  assert.equal(hadNoEffect(cliError('TypeError', 'fetch failed', 'connect ECONNREFUSED 127.0.0.1:1')), true);
  assert.equal(hadNoEffect(cliError('TypeError', 'fetch failed', 'read ECONNRESET')), false);
});

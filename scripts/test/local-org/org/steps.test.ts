import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Disconnect } from '../../../local-org/api-error';
import { createOrg, type Org } from '../../../local-org/org/org';
import { runStep } from '../../../local-org/org/steps';
import { loginKey } from '../client';

const OPTIONS = { alias: 'dev', kind: 'sandbox', port: 0, loginKey } as const;

const orgWith = (faults: string): Org => createOrg({ ...OPTIONS, faults });

/** Runs a step whose work takes a while. Returns what was thrown, and whether the work was complete by then. */
async function runFaultyStep(org: Org): Promise<{ error: unknown; done: boolean }> {
  let done = false;
  const work = async () => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    done = true;
    return 'result';
  };
  const error = await runStep(org, 'exchange', work).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return { error, done };
}

for (const [fault, kind, done] of [
  ['reset', 'truncated', true],
  ['no-response=1ms', 'dropped', true],
  ['refused=1ms', 'dropped', false],
  ['503', 'gateway', false],
  ['redirect', 'redirected', false],
] as const) {
  test(`${fault} ends the request as ${kind} ${done ? 'after' : 'without'} the work`, async () => {
    const outcome = await runFaultyStep(orgWith(`exchange:${fault}`));
    assert.ok(outcome.error instanceof Disconnect);
    assert.deepEqual([outcome.error.kind, outcome.done], [kind, done]);
  });
}

test('timeout does the work and returns its result', async () => {
  assert.deepEqual(await runFaultyStep(orgWith('exchange:timeout=1ms')), { error: undefined, done: true });
});

for (const kind of ['timeout', 'no-response'])
  test(`${kind} ends when the faults of the org are replaced`, async () => {
    const org = orgWith(`exchange:${kind}=600s`);
    const running = runFaultyStep(org);
    org.faults.replace([]);
    const { error, done } = await running;
    assert.deepEqual([error instanceof Disconnect, done], [kind === 'no-response', true]);
  });

test('session-expired ends the sessions of the org, and other faults do not', async () => {
  for (const [fault, isValid] of [
    ['session-expired', false],
    ['row-lock', true],
    ['busy', true],
  ] as const) {
    const org = orgWith(`exchange:${fault}`);
    const token = org.sessions.create();
    assert.equal((await runFaultyStep(org)).done, false);
    assert.equal(org.sessions.has(token), isValid, fault);
  }
});

test('refused stops the server for its duration, by default for 1 second', async () => {
  for (const [fault, expected] of [
    ['refused', 1_000],
    ['refused=250ms', 250],
  ] as const) {
    const org = orgWith(`exchange:${fault}`);
    const durations: number[] = [];
    org.stopListening = (milliseconds) => void durations.push(milliseconds);
    await runFaultyStep(org);
    assert.deepEqual(durations, [expected]);
  }
});

test('logs the step and the kind of a fault', async () => {
  const org = orgWith('exchange:reset@2');
  await runFaultyStep(org);
  assert.deepEqual(org.log, []);
  await runFaultyStep(org);
  assert.deepEqual(
    org.log.map(({ kind, detail }) => [kind, detail]),
    [['fault', { step: 'exchange', fault: 'reset' }]],
  );
});

test('waits for the server time of the step, and not for that of another', async () => {
  const org = createOrg({ ...OPTIONS, latency: { exchange: 60_000 } });
  let done = false;
  const step = runStep(org, 'exchange', () => void (done = true));
  await Promise.resolve();
  assert.equal(done, false);
  org.closing.abort();
  await assert.rejects(step, { name: 'AbortError' });
  await runStep(org, 'update', () => void (done = true));
  assert.equal(done, true);
});

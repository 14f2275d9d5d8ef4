import assert from 'node:assert/strict';
import { setImmediate as nextTick } from 'node:timers/promises';
import { test } from 'node:test';
import { npmRun } from '../../../lib/model';
import { deployFleet, withResumeCommand, type PlannedOrg } from '../../../lib/rollout';
import { orgResult } from '../../../lib/rollout/org-result';
import { FakeSf } from '../fake-sf';
import { desiredState, filesOf, planAll, queue, recordingOptions } from './fleet-fixture';

/** Orgs with a queue to rename, by alias and wave. */
async function fleetOf(waves: Readonly<Record<string, number>>): Promise<{ sf: FakeSf; fleet: readonly PlannedOrg[] }> {
  const files = filesOf(queue('Old'));
  const sf = new FakeSf(Object.fromEntries(Object.keys(waves).map((alias) => [alias, { files }])));
  const orgs = Object.entries(waves).map(([alias, wave]) => desiredState(sf, alias, [queue('New')], wave));
  return { sf, fleet: await planAll(sf, ...orgs) };
}

const isDeployed = (sf: FakeSf, alias: string): boolean => sf.org(alias).jobs.length > 0;

test('deploys waves in numeric order', async () => {
  const { sf, fleet } = await fleetOf({ ten: 10, two: 2, one: 1 });
  const { rollout, results } = recordingOptions();
  await deployFleet(sf, fleet, rollout);
  assert.deepEqual(
    results.map(({ alias, status }) => [alias, status]),
    [
      ['one', 'changed'],
      ['two', 'changed'],
      ['ten', 'changed'],
    ],
  );
});

test('deploys the last wave first where trust is removed', async () => {
  const { sf, fleet } = await fleetOf({ two: 2, ten: 10, one: 1 });
  const { rollout, results } = recordingOptions({ lastWaveFirst: true });
  await deployFleet(sf, fleet, rollout);
  assert.deepEqual(
    results.map(({ alias }) => alias),
    ['ten', 'two', 'one'],
  );
});

test('skips the later waves after a failure, but not the other orgs of the wave', async () => {
  const { sf, fleet } = await fleetOf({ bad: 1, good: 1, next: 2, last: 3 });
  sf.org('bad').rejectDeploy('The queue is invalid.');
  const { rollout } = recordingOptions();
  const results = await deployFleet(sf, fleet, rollout);
  assert.deepEqual(
    results.map(({ alias, status }) => [alias, status]),
    [
      ['bad', 'failed'],
      ['good', 'changed'],
      ['next', 'skipped'],
      ['last', 'skipped'],
    ],
  );
  const { error, changes } = results[2] ?? assert.fail();
  assert.deepEqual(
    [error?.code, error?.what, error?.why],
    ['wave-skipped', 'Wave 2 was skipped.', 'bad (wave 1) failed.'],
  );
  assert.match(error?.fix ?? '', /npm run deploy -- --resume X$/);
  assert.equal(changes.length, 1, 'the result names what was planned');
  assert.ok(!isDeployed(sf, 'next') && !isDeployed(sf, 'last'));
});

test('tolerates as many failures as maxFailures says, and not one more', async () => {
  const { sf, fleet } = await fleetOf({ bad: 1, next: 2, worse: 2, last: 3 });
  for (const alias of ['bad', 'worse']) sf.org(alias).rejectDeploy('The queue is invalid.');
  const results = await deployFleet(sf, fleet, recordingOptions({ maxFailures: 1 }).rollout);
  assert.deepEqual(
    results.map(({ status }) => status),
    ['failed', 'changed', 'failed', 'skipped'],
  );
});

test('counts an org that could not be planned as a failure', async () => {
  const { sf } = await fleetOf({ away: 1, next: 2 });
  sf.org('away').fail('query', 'unreachable');
  const fleet = await planAll(
    sf,
    ...['away', 'next'].map((alias, index) => desiredState(sf, alias, [queue('New')], index + 1)),
  );
  const results = await deployFleet(sf, fleet, recordingOptions().rollout);
  assert.deepEqual(
    results.map(({ status }) => status),
    ['unreachable', 'skipped'],
  );
});

test('a failed org is resumed with the command of its run, whatever its error and its checks recommend', () => {
  const fixOf = (fix: string, command: string): readonly unknown[] => {
    const check = { name: 'published', ok: false, detail: `It differs. Fix: ${npmRun('deploy', '--org', 'a')}` };
    const { org } = desiredState(new FakeSf({ a: {} }), 'a', [queue('New')]);
    const failed = orgResult({ org }, 'failed', { checks: [check] });
    const error = { code: 'x', what: 'No.', why: 'No.', fix };
    const result = withResumeCommand({ ...failed, error }, command);
    return [result.error?.fix, result.checks[0]?.detail];
  };
  const resume = 'npm run deploy -- --resume X --verify';
  const detail = `It differs. Fix: ${resume}`;
  assert.deepEqual(fixOf('Wait, then run the command again. Or not.', resume), [
    `Wait, then run: ${resume}. Or not.`,
    detail,
  ]);
  assert.deepEqual(fixOf('Run the command again.', resume), [`Run: ${resume}.`, detail]);
  assert.deepEqual(fixOf('Resume the run. Wait.', resume), [`Resume the run: ${resume}. Wait.`, detail]);
  const rollback = 'npm run rollback -- --run X';
  assert.deepEqual(fixOf('Resume the run.', rollback), [
    `Resume the run: ${rollback}.`,
    'It differs. Fix: npm run deploy -- --org a',
  ]);
});

test('treats all orgs as one wave where waves are ignored', async () => {
  const { sf, fleet } = await fleetOf({ bad: 1, next: 2 });
  sf.org('bad').rejectDeploy('The queue is invalid.');
  const results = await deployFleet(sf, fleet, recordingOptions({ ignoreWaves: true }).rollout);
  assert.deepEqual(
    results.map(({ status }) => status),
    ['failed', 'changed'],
  );
});

for (const [concurrency, expected] of [
  [2, 2],
  [10, 5],
] as const) {
  test(`works on ${expected} of 5 orgs at a time with a concurrency of ${concurrency}`, async () => {
    const { sf, fleet } = await fleetOf({ a: 1, b: 1, c: 1, d: 1, e: 1 });
    let [inFlight, peak] = [0, 0];
    for (const org of sf.orgs.values())
      org.intercept('deploy', async (proceed) => {
        peak = Math.max(peak, ++inFlight);
        for (let turn = 0; turn < 50; turn++) await nextTick();
        inFlight--;
        return proceed();
      });
    await deployFleet(sf, fleet, recordingOptions({ concurrency }).rollout);
    assert.equal(peak, expected);
  });
}

test(
  'waits between waves after an org was changed, in milliseconds, and not before the first wave',
  { timeout: 5_000 },
  async (context) => {
    context.mock.timers.enable({ apis: ['setTimeout'] });
    const { sf, fleet } = await fleetOf({ one: 1, two: 2 });
    const running = deployFleet(sf, fleet, recordingOptions({ waveDelay: 60_000 }).rollout);
    for (let turn = 0; turn < 500 && !isDeployed(sf, 'one'); turn++) await nextTick();
    assert.ok(isDeployed(sf, 'one'));
    for (let turn = 0; turn < 200; turn++) await nextTick();
    context.mock.timers.tick(59_999);
    for (let turn = 0; turn < 200; turn++) await nextTick();
    assert.ok(!isDeployed(sf, 'two'));
    context.mock.timers.tick(1);
    await running;
    assert.ok(isDeployed(sf, 'two'));
  },
);

test("doesn't wait between waves while no org was changed", { timeout: 5_000 }, async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const { sf } = await fleetOf({ one: 1, two: 2 });
  const orgs = ['one', 'two'].map((alias, index) => desiredState(sf, alias, [queue('Old')], index + 1));
  const results = await deployFleet(sf, await planAll(sf, ...orgs), recordingOptions({ waveDelay: 60_000 }).rollout);
  assert.deepEqual(
    results.map(({ status }) => status),
    ['unchanged', 'unchanged'],
  );
});

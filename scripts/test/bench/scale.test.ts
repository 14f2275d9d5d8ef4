import assert from 'node:assert/strict';
import { test } from 'node:test';
import { comparisonText } from '../../bench/run-bench';
import { runTimed } from '../../bench/run-timed';
import { missedTargets, scaleText } from '../../bench/scale';

const TARGET_CASES: readonly (readonly [number, number, number])[] = [
  [1, 9, 100],
  [10, 1.12, 400],
  [50, 1.2, 1_499],
  [200, 1.6, 1_499],
  [500, 3, 1_499],
];
for (const [orgs, ratio, memory] of TARGET_CASES)
  test(`${ratio} times the lower bound and ${memory} MB meet the targets of ${orgs} orgs`, () =>
    assert.deepEqual(missedTargets(orgs, ratio, memory), []));

test('a deploy that is slower or larger than its target misses it', () => {
  assert.deepEqual(missedTargets(10, 1.13, undefined), ['1.13x instead of 1.12x']);
  assert.deepEqual(missedTargets(50, 1.61, 1_500), ['1.61x instead of 1.2x', '1500 MB instead of 1500 MB']);
});

const HOLD_MEMORY = 'const buffer = Buffer.alloc(200 * 2 ** 20, 1); setTimeout(() => buffer, 1_500)';
const START_CHILD = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(HOLD_MEMORY)}])`;

test(
  'memory and processor time of a command include its descendants',
  { skip: process.platform !== 'linux' },
  async () => {
    const { memory = 0, cpu } = await runTimed(process.execPath, ['-e', START_CHILD], {
      cwd: '.',
      env: process.env,
      exit: 0,
    });
    assert.ok(memory > 200 && memory < 1_000, String(memory));
    assert.ok(cpu > 0);
  },
);

test('a command with another exit code than expected is an error with its output', async () => {
  const options = { cwd: '.', env: process.env, exit: 2 };
  const run = (exit: number): ReturnType<typeof runTimed> =>
    runTimed(process.execPath, ['-e', `console.error('broken'); process.exit(${exit})`], options);
  await run(2);
  await assert.rejects(run(1), /ended with 1: broken/);
  await assert.rejects(run(0), /ended with 0: broken/);
});

test('the table of measurements names missed targets and unknown memory', () => {
  const result = { orgs: 10, wall: 17.04, ratio: 1.217, cpu: 5.06, memory: undefined, load: 0.24, missed: [] };
  const lines = scaleText([result, { ...result, memory: 700.4, missed: ['a', 'b'] }]).split('\n');
  assert.deepEqual(
    lines.slice(2, 4).map((line) => line.trim().split(/ {2,}/)),
    [
      ['10', '17.0 s', '1.22 x', '5.1 s', 'unknown', '0.2', 'met'],
      ['10', '17.0 s', '1.22 x', '5.1 s', '700 MB', '0.2', 'missed: a, b'],
    ],
  );
});

test('the table of the comparison shows each way as a multiple of the deploy of this project', () => {
  const comparison = new Map([
    ['deploy of this project', { wall: 10, cpu: 4, memory: 400 }],
    ['sf with xargs -P 4', { wall: 25, cpu: 50, memory: 2_000 }],
    ['script', { wall: 5, cpu: 1, memory: undefined }],
  ]);
  assert.deepEqual(
    comparisonText('3 orgs', comparison)
      .split('\n')
      .map((line) => line.trim().split(/ {2,}/)),
    [
      ['3 orgs', 'elapsed', 'processor', 'memory'],
      ['deploy of this project', '10.0 s', '1.00x', '4.0 s', '1.00x', '400 MB', '1.00x'],
      ['sf with xargs -P 4', '25.0 s', '2.50x', '50.0 s', '12.50x', '2000 MB', '5.00x'],
      ['script', '5.0 s', '0.50x', '1.0 s', '0.25x', 'unknown'],
      [''],
    ],
  );
});

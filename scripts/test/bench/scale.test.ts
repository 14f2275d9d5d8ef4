import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runTimed } from '../../bench/run-timed';
import { missedTargets } from '../../bench/scale';

const TARGET_CASES: readonly (readonly [number, number, number])[] = [
  [1, 9, 100],
  [10, 1.25, 400],
  [50, 1.5, 1_499],
];
for (const [orgs, ratio, memory] of TARGET_CASES)
  test(`${ratio} x the floor and ${memory} MB meet the goals of ${orgs} orgs`, () =>
    assert.deepEqual(missedTargets(orgs, ratio, memory), []));

test('what is slower or larger than its goal is named', () => {
  assert.deepEqual(missedTargets(10, 1.26, undefined), ['1.26 x instead of 1.25 x']);
  assert.deepEqual(missedTargets(50, 1.61, 1_500), ['1.61 x instead of 1.5 x', '1500 MB instead of 1500 MB']);
});

const HOLD_MEMORY = 'const held = Buffer.alloc(200 * 2 ** 20, 1); setTimeout(() => held, 1_500)';
const START_CHILD = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(HOLD_MEMORY)}])`;

test(
  'what the processes of a command hold and use is counted with it',
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

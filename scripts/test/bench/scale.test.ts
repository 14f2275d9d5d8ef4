import assert from 'node:assert/strict';
import { test } from 'node:test';
import { timed } from '../../bench/timed';
import { missedBy } from '../../bench/scale';

const WITHIN: readonly (readonly [number, number, number])[] = [
  [1, 9, 100],
  [10, 1.25, 400],
  [50, 1.5, 1_499],
];
for (const [orgs, ratio, memory] of WITHIN)
  test(`${ratio} x the floor and ${memory} MB meet the goals of ${orgs} orgs`, () =>
    assert.deepEqual(missedBy(orgs, ratio, memory), []));

test('what is slower or larger than its goal is named', () => {
  assert.deepEqual(missedBy(10, 1.26, undefined), ['1.26 x instead of 1.25 x']);
  assert.deepEqual(missedBy(50, 1.61, 1_500), ['1.61 x instead of 1.5 x', '1500 MB instead of 1500 MB']);
});

const HOLDS = 'const held = Buffer.alloc(200 * 2 ** 20, 1); setTimeout(() => held, 1_500)';
const STARTS = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(HOLDS)}])`;

test(
  'what the processes of a command hold and use is counted with it',
  { skip: process.platform !== 'linux' },
  async () => {
    const { memory = 0, cpu } = await timed(process.execPath, ['-e', STARTS], {
      cwd: '.',
      env: process.env,
      exit: 0,
    });
    assert.ok(memory > 200 && memory < 1_000, String(memory));
    assert.ok(cpu > 0);
  },
);

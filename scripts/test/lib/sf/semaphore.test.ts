import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Semaphore } from '../../../lib/sf/semaphore';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('never more tasks at once than the gate is wide, first come, first served, and all of them come through', async () => {
  const pauses = fc.array(fc.record({ turns: fc.nat({ max: 4 }), fails: fc.boolean() }), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 4 }), pauses, async (size, tasks) => {
      const gate = new Semaphore(size);
      const started: number[] = [];
      let [inside, most] = [0, 0];
      const run = async (index: number, turns: number, fails: boolean): Promise<number> => {
        started.push(index);
        most = Math.max(most, ++inside);
        for (let left = turns; left > 0; left--) await turn();
        inside--;
        if (fails) throw new Error(String(index));
        return index;
      };
      const ends = await Promise.allSettled(
        tasks.map(({ turns, fails }, index) => gate.run(() => run(index, turns, fails))),
      );
      assert.ok(most <= size, `${most} at once`);
      assert.deepEqual(started, [...tasks.keys()]);
      assert.deepEqual(
        ends.map(({ status }) => status === 'rejected'),
        tasks.map(({ fails }) => fails),
      );
    }),
    { numRuns: 50 },
  );
});

test('as many tasks as the gate is wide are inside at the same time', async () => {
  const gate = new Semaphore(3);
  const counts: number[] = [];
  let inside = 0;
  const task = async (): Promise<void> => {
    counts.push(++inside);
    await turn();
    inside--;
  };
  await Promise.all([1, 2, 3, 4].map(() => gate.run(task)));
  assert.deepEqual(counts, [1, 2, 3, 3]);
});

test('a task that fails before it waits makes room, too', async () => {
  const gate = new Semaphore(1);
  const fail = (): Promise<never> => {
    throw new Error('at once');
  };
  await assert.rejects(gate.run(fail), /at once/);
  await assert.rejects(gate.run(fail), /at once/);
  assert.equal(await gate.run(() => Promise.resolve('through')), 'through');
});

test('a task may pass another gate while it is inside one', async () => {
  const [outer, inner] = [new Semaphore(1), new Semaphore(1)];
  assert.equal(await outer.run(() => inner.run(() => Promise.resolve(1))), 1);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { orgsInFlight, orgsPerMachine, thisMachine, workersFor } from '../../../lib/sf/capacity';

const GB = 1_024;
const machine = (processors: number, memory: number): Parameters<typeof workersFor>[1] => ({ processors, memory });

for (const [orgs, processors, memory, workers] of [
  [1, 2, 16 * GB, 1],
  [24, 2, 16 * GB, 1],
  [25, 2, 16 * GB, 2],
  [500, 2, 16 * GB, 2],
  [500, 1, 16 * GB, 1],
  [60, 8, 16 * GB, 3],
  [500, 64, 512 * GB, 4],
  [500, 8, 2 * GB, 1],
  [500, 8, 3 * GB, 2],
  [500, 8, GB / 4, 1],
] as const)
  test(`${orgs} orgs get ${workers} of the workers of ${processors} processors and ${memory} MB`, () =>
    assert.equal(workersFor(orgs, machine(processors, memory)), workers));

for (const [processors, memory, orgs] of [
  [2, 16 * GB, 200],
  [1, 16 * GB, 100],
  [2, 3 * GB, 168],
  [8, 4 * GB, 174],
  [2, GB, 10],
] as const)
  test(`${orgs} orgs are in flight on ${processors} processors with ${memory} MB`, () =>
    assert.equal(orgsInFlight(machine(processors, memory)), orgs));

test('a machine has at least one processor and takes orgs of a fleet', () => {
  const { processors, memory } = thisMachine();
  assert.ok(processors >= 1 && memory > 0);
  assert.equal(orgsPerMachine(), 25 * processors);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDone, phaseOf, type Rotation } from '../../../lib/rotation';
import { latestMoment } from '../../../lib/rotation/rotation';
import { HOUR, sampleRotation } from './fake-backend';

const START = Date.parse(sampleRotation().startedAt);
const at = (hours: number): string => new Date(START + hours * HOUR).toISOString();

const [staged, retired, deleted] = [
  { stagedAt: at(1) },
  { stagedAt: at(1), retiredAt: at(3) },
  { stagedAt: at(1), retiredAt: at(3), deletedAt: at(4) },
];
const { newKey: _, ...withoutNewKey } = sampleRotation({ targets: { one: staged, two: staged } });

/** The phase of a rotation in two targets. */
const PHASES: readonly (readonly [phase: string, rotation: Rotation])[] = [
  ['staging', sampleRotation()],
  ['staging', sampleRotation({ targets: { one: staged } })],
  ['staging', withoutNewKey],
  ['staged', sampleRotation({ targets: { one: staged, two: staged } })],
  ['switched', sampleRotation({ targets: { one: staged, two: staged }, switchedAt: at(2) })],
  ['retiring', sampleRotation({ targets: { one: retired, two: staged }, switchedAt: at(2) })],
  ['retiring', sampleRotation({ targets: { one: deleted, two: staged }, switchedAt: at(2) })],
  ['retired', sampleRotation({ targets: { one: retired, two: retired }, switchedAt: at(2) })],
  ['retired', sampleRotation({ targets: { one: deleted, two: retired }, switchedAt: at(2) })],
  ['done', sampleRotation({ targets: { one: deleted, two: deleted }, switchedAt: at(2) })],
];

for (const [phase, rotation] of PHASES)
  test(`a rotation is ${phase} with the records ${JSON.stringify(Object.values(rotation.targets).map(Object.keys))}`, () => {
    assert.equal(phaseOf(rotation, ['one', 'two']), phase);
    assert.equal(isDone(rotation), phase === 'done');
  });

test('a rotation without targets is neither staged nor done', () => {
  assert.equal(phaseOf(sampleRotation(), []), 'staging');
  assert.equal(isDone(sampleRotation()), false);
});

test('the latest moment is the start, the switch, or the last record of any target', () => {
  const latest = (rotation: Partial<Rotation>): string => latestMoment(sampleRotation(rotation)).toISOString();
  assert.equal(latest({}), at(0));
  assert.equal(latest({ switchedAt: at(2) }), at(2));
  assert.equal(latest({ switchedAt: at(2), targets: { one: { stagedAt: at(5) }, two: staged } }), at(5));
  assert.equal(latest({ targets: { one: staged, two: { stagedAt: at(1), retiredAt: at(6) } } }), at(6));
  assert.equal(latest({ targets: { one: { deletedAt: at(7) }, two: retired } }), at(7));
});

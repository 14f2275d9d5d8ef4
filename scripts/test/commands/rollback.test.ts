import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { startFleet, type Fleet } from './fleet';
import { activeIn, lastRun } from './runs';
import { workplace } from './workplace';

const place = workplace();

describe('a deploy that created everything', () => {
  let fleet: Fleet;
  before(async () => {
    fleet = await startFleet(place, { dev: {} });
  });

  test('is taken back: what it created is gone, and its channels went offline first', async () => {
    assert.equal((await fleet.force()).exit, 0);
    const { exit, org } = await fleet.run('rollback', { run: lastRun(fleet), accept: ['disruptive'] });
    assert.deepEqual([exit, org('dev').outcome], [0, 'changed']);
    assert.deepEqual([[...fleet.org('dev').files()], activeIn(fleet.org('dev'))], [[], []]);
  });
});

import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { LocalOrg } from '../../local-org/index';
import { seedOf } from '../../local-org/orgs';
import { startFleet, type Fleet } from './fleet';
import { KINDS } from './rollback-kinds';
import { differing, heldBy, lastRun } from './runs';
import { workplace } from './workplace';

const place = workplace();

const back = (fleet: Fleet, setting = {}): ReturnType<Fleet['run']> =>
  fleet.run('rollback', { run: lastRun(fleet), accept: ['disruptive'], ...setting });

describe('an org that others set up before', () => {
  let fleet: Fleet;
  let dev: LocalOrg;
  before(async () => {
    fleet = await startFleet(place, { dev: { seed: seedOf('production') } });
    dev = fleet.org('dev');
  });

  test('holds exactly what it held after the deploy of everything is rolled back, and the other way round', async () => {
    const start = heldBy(dev);
    assert.equal((await fleet.force()).exit, 0);
    const deployed = heldBy(dev);
    const { exit, org } = await back(fleet);
    assert.deepEqual([exit, org('dev').outcome, org('dev').deployIds.length], [0, 'changed', 1]);
    assert.deepEqual(differing(heldBy(dev), start), []);
    assert.equal((await back(fleet)).exit, 0, 'a rollback is a run that can be rolled back');
    assert.deepEqual([differing(heldBy(dev), deployed), (await fleet.plan()).exit], [[], 0]);
  });

  for (const { what, before: happens } of KINDS) {
    test(`is as before when ${what} and that is rolled back`, async (t) => {
      const [deployed, files] = [heldBy(dev), dev.files()];
      t.after(() => files.forEach((content, path) => dev.edit(path, () => content)));
      await happens(fleet, place);
      const start = heldBy(dev);
      assert.equal(differing(start, deployed).length, 1);
      const forth = await fleet.force();
      assert.equal(forth.exit, 0, forth.shown);
      assert.equal(differing(heldBy(dev), start).length, 1);
      const { exit, org } = await back(fleet);
      assert.deepEqual([exit, org('dev').outcome], [0, 'changed'], org('dev').error?.why);
      assert.deepEqual(differing(heldBy(dev), start), []);
    });
  }
});

import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { LocalOrg } from '../../local-org/index';
import { loadSeed } from '../../local-org/orgs';
import { startFleet, type Fleet } from './fleet';
import { ROLLBACK_CASES } from './rollback-cases';
import { changedNames, orgState, latestRunId } from './run-helpers';
import { shareWorkspace } from './workspace';

const workspace = shareWorkspace();

const rollBack = (fleet: Fleet, setting = {}): ReturnType<Fleet['run']> =>
  fleet.run('rollback', { run: latestRunId(fleet), accept: ['disruptive', 'undeclared-trust'], ...setting });

describe('rollback in an org that was set up before', () => {
  let fleet: Fleet;
  let dev: LocalOrg;
  before(async () => {
    fleet = await startFleet(workspace, { dev: { seed: loadSeed('production') } });
    dev = fleet.org('dev');
  });

  test('restores the previous state after a deploy of all components, and the deployed state after a second rollback', async () => {
    const start = orgState(dev);
    assert.equal((await fleet.deployAccepted()).exit, 0);
    const deployed = orgState(dev);
    const { exit, org } = await rollBack(fleet);
    assert.deepEqual([exit, org('dev').status, org('dev').deployIds.length], [0, 'changed', 1]);
    assert.deepEqual(changedNames(orgState(dev), start), []);
    assert.equal((await rollBack(fleet)).exit, 0, 'a rollback is a run that can be rolled back');
    assert.deepEqual([changedNames(orgState(dev), deployed), (await fleet.plan()).exit], [[], 0]);
  });

  for (const { name, prepare } of ROLLBACK_CASES) {
    test(`restores the previous state when ${name}`, async (t) => {
      const [deployed, files] = [orgState(dev), dev.files()];
      t.after(() => files.forEach((content, path) => dev.edit(path, () => content)));
      await prepare(fleet, workspace);
      const start = orgState(dev);
      assert.equal(changedNames(start, deployed).length, 1);
      const forth = await fleet.deployAccepted();
      assert.equal(forth.exit, 0, forth.shown);
      assert.equal(changedNames(orgState(dev), start).length, 1);
      const { exit, org } = await rollBack(fleet);
      assert.deepEqual([exit, org('dev').status], [0, 'changed'], org('dev').error?.why);
      assert.deepEqual(changedNames(orgState(dev), start), []);
    });
  }
});

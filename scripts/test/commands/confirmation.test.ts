import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { startFleet, editInSetup, writeEvents, type Fleet } from './fleet';
import { createWorkspace } from './workspace';

const workspace = createWorkspace();

/** One org that lost its verification, so that repairing it shuts guests out, and a fresh one beside it. */
describe('a change that disturbs customers', () => {
  let fleet: Fleet;
  let start: number;
  beforeEach(async () => {
    fleet = await startFleet(workspace, { dev: {}, fresh: {} });
    assert.equal((await fleet.deploy({ org: ['dev'] })).exit, 0);
    editInSetup(fleet.org('dev'), 'messagingChannels/Web_Chat.messagingChannel', '>Auth<', '>UnAuth<');
    start = fleet.org('dev').log.length;
  });
  const written = () => [...writeEvents(fleet.org('dev'), start), ...writeEvents(fleet.org('fresh'))];

  test('is not made without a person and without --accept disruptive: no org of the run is written to', async () => {
    const { exit, org, questions } = await fleet.deploy();
    assert.deepEqual([exit, questions], [1, []]);
    for (const alias of ['dev', 'fresh']) {
      const { status, error, changes } = org(alias);
      assert.deepEqual([status, error?.code, changes.length > 0], ['skipped', 'not-accepted', true]);
    }
    assert.match(org('dev').error?.fix ?? '', /--accept disruptive/);
    assert.deepEqual(written(), []);
  });

  test('is not made when the person who is asked says no', async () => {
    const { exit, questions } = await fleet.deploy({ answer: false });
    assert.deepEqual([exit, questions.length, written()], [1, 1, []]);
    assert.match(questions[0] ?? '', /^dev has disruptive changes \(listed above\)\. Deploy anyway\?$/);
  });

  test('is made when the person says yes', async () => {
    const { exit, org } = await fleet.deploy({ answer: true });
    assert.deepEqual([exit, org('dev').status, org('fresh').status], [0, 'changed', 'changed']);
  });

  test('is made with --accept disruptive, and nobody is asked', async () => {
    const { exit, org, questions } = await fleet.deployAccepted({ answer: false });
    assert.deepEqual([exit, org('dev').status, questions], [0, 'changed', []]);
  });

  test('is asked for only when there is one', async () => {
    const { exit, questions, org } = await fleet.deploy({ org: ['fresh'], answer: false });
    assert.deepEqual([exit, questions, org('fresh').status], [0, [], 'changed']);
  });

  test('is accepted by its own name only', async () => {
    await assert.rejects(fleet.deploy({ accept: ['everything'] }), { code: 'invalid-flag', exit: 3 });
    assert.deepEqual(written(), []);
  });
});

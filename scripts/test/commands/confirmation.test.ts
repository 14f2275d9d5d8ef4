import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { startFleet, editInSetup, writeEvents, type Fleet } from './fleet';
import { shareWorkspace } from './workspace';

const workspace = shareWorkspace();

/** One org without user verification, so that repairing it is disruptive, and one new org. */
describe('deploy with a disruptive change', () => {
  let fleet: Fleet;
  let start: number;
  beforeEach(async () => {
    fleet = await startFleet(workspace, { dev: {}, fresh: {} });
    assert.equal((await fleet.deploy({ org: ['dev'] })).exit, 0);
    editInSetup(fleet.org('dev'), 'messagingChannels/Web_Chat.messagingChannel', '>Auth<', '>UnAuth<');
    start = fleet.org('dev').log.length;
  });
  const written = () => [...writeEvents(fleet.org('dev'), start), ...writeEvents(fleet.org('fresh'))];

  test('skips every org without a terminal and without --accept disruptive', async () => {
    const { exit, org, questions } = await fleet.deploy();
    assert.deepEqual([exit, questions], [1, []]);
    for (const alias of ['dev', 'fresh']) {
      const { status, error, changes } = org(alias);
      assert.deepEqual([status, error?.code, changes.length > 0], ['skipped', 'not-accepted', true]);
    }
    assert.match(org('dev').error?.fix ?? '', /--accept disruptive/);
    assert.deepEqual(written(), []);
  });

  test('writes nothing when the user answers no', async () => {
    const { exit, questions, org } = await fleet.deploy({ answer: false });
    assert.deepEqual([exit, questions.length, written()], [1, 1, []]);
    assert.match(questions[0] ?? '', /^2 orgs: \d+ changes, 1 disruptive\. Deploy\?$/);
    assert.equal(org('dev').error?.why, "You didn't confirm the changes.");
  });

  test('changes the orgs when the user answers yes', async () => {
    const { exit, org } = await fleet.deploy({ answer: true });
    assert.deepEqual([exit, org('dev').status, org('fresh').status], [0, 'changed', 'changed']);
  });

  test('changes the org with --accept disruptive without a terminal', async () => {
    const { exit, org } = await fleet.deployAccepted();
    assert.deepEqual([exit, org('dev').status], [0, 'changed']);
  });

  test('asks no question with --yes on a terminal', async () => {
    const { exit, org, questions } = await fleet.deploy({ yes: true, answer: false });
    assert.deepEqual([exit, org('dev').status, questions], [0, 'changed', []]);
  });

  test('changes nothing with --yes alone without a terminal', async () => {
    assert.equal((await fleet.deploy({ yes: true })).exit, 1);
    assert.deepEqual(written(), []);
  });

  test('only plans with --dry-run', async () => {
    const { exit, org } = await fleet.deploy({ dryRun: true, accept: ['disruptive'] });
    assert.deepEqual([exit, org('dev').status, written()], [2, 'planned', []]);
  });

  test('requires --org, --wave, or --all before it contacts an org', async () => {
    const requests = fleet.org('dev').log.length;
    await assert.rejects(fleet.deploy({ all: false, accept: ['disruptive'] }), { code: 'invalid-flag', exit: 3 });
    assert.equal(fleet.org('dev').log.length, requests);
  });

  test('rejects an --accept value other than disruptive', async () => {
    await assert.rejects(fleet.deploy({ accept: ['everything'] }), { code: 'invalid-flag', exit: 3 });
    assert.deepEqual(written(), []);
  });
});

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import type { LocalOrg } from '../../local-org/index';
import { loadSeed } from '../../local-org/orgs';
import { snapshotPath } from '../../lib/plan';
import { withDigest } from '../../lib/plan/digest';
import { editInSetup, startFleet, type Fleet } from './fleet';
import { ROLLBACK_CASES } from './rollback-cases';
import { changedNames, orgState, latestRunId } from './run-helpers';
import { shareWorkspace } from './workspace';

const workspace = shareWorkspace();

const CHANNEL = 'messagingChannels/Web_Chat.messagingChannel';
const SOURCE_KEYSET =
  'force-app/main/default/PublicKeyCertificateSet/Customer_Identity.PublicKeyCertificateSet-meta.xml';

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

  test('restores an issuer that the run before declared, and not a user verification that somebody turned off', async (t) => {
    assert.equal((await fleet.deployAccepted()).exit, 0, 'the run that records the trust');
    const [deployed, files] = [orgState(dev), dev.files()];
    t.after(() => files.forEach((content, path) => dev.edit(path, () => content)));
    editInSetup(dev, CHANNEL, '>Auth<', '>UnAuth<');
    fleet.rewrite(SOURCE_KEYSET, 'https://id.example.com', 'https://new.example.com');
    t.after(() => fleet.rewrite(SOURCE_KEYSET, 'https://new.example.com', 'https://id.example.com'));
    assert.equal((await fleet.deployAccepted()).exit, 0);
    const { exit, org, shown } = await rollBack(fleet, { accept: ['disruptive'] });
    assert.deepEqual([exit, org('dev').status], [0, 'changed'], org('dev').error?.why);
    assert.deepEqual(changedNames(orgState(dev), deployed), []);
    const text = shown.replace(/\s+/g, ' ');
    assert.match(
      text,
      /doesn't restore undeclared trust: MessagingChannel:Web_Chat embeddedConfig\.authMode\. User ver/,
    );
    assert.match(text, /Revert the source too, or the next deploy applies the changes again\.$/m);
  });

  test('restores nothing that a tampered snapshot adds', async () => {
    assert.equal((await fleet.deployAccepted()).exit, 0);
    editInSetup(dev, CHANNEL, 'ExpirationTime>60<', 'ExpirationTime>90<');
    assert.equal((await fleet.deployAccepted()).exit, 0);
    const path = snapshotPath(join(fleet.project, '.runs', latestRunId(fleet)), 'dev');
    const { digest, ...body } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    const [before, after] = JSON.stringify(body).split('"from":{');
    const edited = `${before ?? ''}"from":{${(after ?? '').replace('<authIdentifier>Customer<', '<authIdentifier>Intruder<')}`;
    const document = JSON.parse(edited) as object;
    writeFileSync(path, JSON.stringify({ ...document, digest }));
    await assert.rejects(() => rollBack(fleet), { code: 'plan-invalid' });
    writeFileSync(path, withDigest(document));
    const { exit, shown } = await rollBack(fleet, { accept: ['disruptive'] });
    assert.equal(exit, 0);
    assert.match(shown.replace(/\s+/g, ' '), /doesn't restore undeclared trust: .*messagingAuthorizations\[Intruder\]/);
    assert.doesNotMatch(dev.files().get(CHANNEL) ?? '', /Intruder/);
  });
});

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, beforeEach, describe, test } from 'node:test';
import { withDigest } from '../../lib/plan/digest';
import { startFleet, editInSetup, writeEvents, type Fleet } from './fleet';
import type { CommandResult, RunOptions } from './run-command';
import { changedNames, orgState, latestRunId, runIds } from './run-helpers';
import { shareWorkspace } from './workspace';

const workspace = shareWorkspace();
const UNVERIFIED = { config: { channels: ['Guest_Web_Chat'] } };
const CHANNEL = 'messagingChannels/Guest_Web_Chat.messagingChannel';
const SOURCE = `force-app/main/default/${CHANNEL}-meta.xml`;
const DEPLOYMENT = 'EmbeddedServiceConfig/Guest_Web_Chat.EmbeddedServiceConfig';

describe('rollback of a run that changed the token lifetime in two orgs', () => {
  let fleet: Fleet;
  let run: string;
  let minutes = 360;
  const org = (alias: string): ReturnType<Fleet['org']> => fleet.org(alias);
  const back = (setting: RunOptions = {}): Promise<CommandResult> => fleet.run('rollback', { run, ...setting });

  before(async () => {
    fleet = await startFleet(workspace, { dev: UNVERIFIED, uat: { config: { ...UNVERIFIED.config, wave: 2 } } });
    assert.equal((await fleet.deployAccepted()).exit, 0);
  });

  beforeEach(async () => {
    fleet.rewrite(SOURCE, `>${minutes}<`, `>${++minutes}<`);
    assert.equal((await fleet.deployAccepted()).exit, 0);
    run = latestRunId(fleet);
  });

  test('rolls back the named org and finds nothing to do the second time', async () => {
    const [dev, uat] = [org('dev').log.length, org('uat').log.length];
    const first = await back({ org: ['dev'] });
    assert.deepEqual(
      [first.exit, first.document.orgs.map(({ alias, status }) => [alias, status])],
      [0, [['dev', 'changed']]],
    );
    assert.match(org('dev').files().get(CHANNEL) ?? '', new RegExp(`>${minutes - 1}<`));
    const published = writeEvents(org('dev'), dev).filter(({ kind }) => kind === 'publish');
    assert.deepEqual(
      published.map(({ detail }) => detail['name']),
      ['Guest_Web_Chat'],
    );
    assert.deepEqual(writeEvents(org('uat'), uat), []);
    const written = writeEvents(org('dev')).length;
    const second = await back({ org: ['dev'] });
    assert.deepEqual(
      [second.exit, second.org('dev').status, writeEvents(org('dev')).length],
      [0, 'unchanged', written],
    );
  });

  test('rejects an org with a later change of the same component, and overwrites it with --ignore-conflicts', async () => {
    editInSetup(org('dev'), CHANNEL, '</description>', ' Do not touch.</description>');
    const [held, written] = [orgState(org('dev')), writeEvents(org('dev')).length];
    const refused = await back();
    const { error, status } = refused.org('dev');
    assert.deepEqual([refused.exit, status, error?.code], [1, 'failed', 'plan-stale']);
    assert.match(error?.why ?? '', /^MessagingChannel:Guest_Web_Chat description: .* -> .*Do not touch\.$/);
    assert.match(error?.fix ?? '', /--ignore-conflicts/);
    assert.deepEqual([changedNames(orgState(org('dev')), held), writeEvents(org('dev')).length], [[], written]);
    assert.equal(
      refused.org('uat').status,
      'changed',
      'a rejected org does not stop the other orgs, also in later waves',
    );
    const over = await back({ ignoreConflicts: true });
    assert.deepEqual([over.exit, over.org('dev').status, over.org('uat').status], [0, 'changed', 'unchanged']);
    assert.doesNotMatch(org('dev').files().get(CHANNEL) ?? '', /Do not touch/);
  });

  test('keeps components that the run did not change', async () => {
    editInSetup(org('dev'), DEPLOYMENT, '<masterLabel>', '<masterLabel>New ');
    const { exit } = await back();
    assert.equal(exit, 0);
    assert.match(org('dev').files().get(DEPLOYMENT) ?? '', /<masterLabel>New /);
  });

  test('rejects an org with another org ID than the snapshot', async () => {
    const path = join(fleet.project, '.runs', run, 'snapshots/dev.json');
    const { digest: _digest, ...snapshot } = JSON.parse(readFileSync(path, 'utf8')) as { digest: string };
    writeFileSync(
      path,
      withDigest(JSON.parse(JSON.stringify(snapshot).replace(/00D\w{15}/, '00D000000000001EAA')) as object),
    );
    const { exit, org: outcomeOf } = await back({ org: ['dev'] });
    assert.deepEqual([exit, outcomeOf('dev').status, outcomeOf('dev').error?.code], [4, 'unreachable', 'org-mismatch']);
  });

  const NO_RUN: Readonly<Record<string, RunOptions>> = {
    'no run ID': { run: undefined as unknown as string },
    'an unknown run ID': { run: '2020-01-01' },
    'a run ID with a path': { run: '../../../../tmp' },
  };
  for (const [what, setting] of Object.entries(NO_RUN)) {
    test(`lists the runs for ${what} without contacting an org`, async () => {
      const asked = org('dev').log.length;
      await assert.rejects(back(setting), ({ code, why, exit }: { code: string; why: string; exit: number }) => {
        assert.deepEqual([code, exit], ['unknown-run', 3]);
        assert.match(why, new RegExp(`newest first: ${runIds(fleet).at(-1) ?? '?'} \\(dev, uat\\)`));
        return true;
      });
      assert.equal(org('dev').log.length, asked);
    });
  }

  test('rejects an edited snapshot without contacting its org, and rolls back the other org', async () => {
    const path = join(fleet.project, '.runs', run, 'snapshots/dev.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace('"partial": false', '"partial": true '));
    const asked = org('dev').log.length;
    await assert.rejects(back({ org: ['dev'] }), { code: 'plan-invalid', exit: 3 });
    const both = await back({});
    assert.deepEqual(
      [both.exit, both.document.orgs.map(({ alias, status }) => [alias, status])],
      [
        1,
        [
          ['uat', 'changed'],
          ['dev', 'failed'],
        ],
      ],
    );
    assert.match(both.org('dev').error?.what ?? '', /can't be rolled back, because its snapshot can't be used/);
    assert.equal(org('dev').log.length, asked);
  });
});

test('rejects a disruptive rollback without a confirmation', async () => {
  const fleet = await startFleet(workspace, { dev: UNVERIFIED });
  assert.equal((await fleet.deployAccepted()).exit, 0);
  const [run, held] = [latestRunId(fleet), orgState(fleet.org('dev'))];
  const refused = await fleet.run('rollback', { run });
  assert.deepEqual(
    [refused.exit, refused.org('dev').status, refused.org('dev').error?.code],
    [1, 'skipped', 'not-accepted'],
  );
  assert.match(refused.shown, /Deactivates Guest_Web_Chat\. Nobody can start a chat on it/);
  const no = await fleet.run('rollback', { run, answer: false });
  assert.deepEqual([no.exit, no.questions.length], [1, 1]);
  assert.match(no.questions[0] ?? '', /^1 org: \d+ changes, [1-9]\d* disruptive\. Roll back\?$/);
  assert.deepEqual(changedNames(orgState(fleet.org('dev')), held), []);
  const yes = await fleet.run('rollback', { run, answer: true });
  assert.deepEqual([yes.exit, [...fleet.org('dev').files()]], [0, []]);
});

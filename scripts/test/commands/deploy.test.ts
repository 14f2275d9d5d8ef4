import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import type { LocalOrg } from '../../local-org/index';
import { loadSeed } from '../../local-org/orgs';
import { ROOT, startFleet, writeEvents, type Fleet } from './fleet';
import { shareWorkspace } from './workspace';

const workspace = shareWorkspace();
const ALIASES = ['dev', 'uat', 'prod'] as const;

const logLengths = (fleet: Fleet): readonly number[] => ALIASES.map((alias) => fleet.org(alias).log.length);
const publishEvents = (org: LocalOrg, start = 0): readonly unknown[] =>
  writeEvents(org, start)
    .filter(({ kind }) => kind === 'publish')
    .map(({ detail }) => detail['name'])
    .sort();

describe('deploy of this repository to its three orgs', () => {
  let fleet: Fleet;
  before(async () => {
    fleet = await startFleet(workspace, {
      dev: {},
      uat: {},
      prod: { kind: 'production', seed: loadSeed('production') },
    });
    cpSync(join(ROOT, 'config'), join(fleet.project, 'config'), { recursive: true });
  });

  test('changes each org with one metadata deploy, activates the new channels, and publishes their chat deployments', async (t) => {
    const { exit, document } = await fleet.deployAccepted();
    assert.equal(exit, 0);
    const [expected, old] = [
      ['Guest_Web_Chat', 'Mobile_Chat', 'Web_Chat'],
      ['Guest_Web_Chat', 'Mobile_Chat'],
    ];
    for (const alias of ALIASES) {
      const org = fleet.org(alias);
      const writes = writeEvents(org);
      const outcome = document.orgs.find((each) => each.alias === alias);
      const deployments = writes.filter(({ kind }) => kind === 'deploy').map(({ detail }) => detail['id']);
      const updates = writes.filter(({ kind }) => kind === 'update').map(({ detail }) => detail['name']);
      await t.test(alias, () => {
        assert.equal(outcome?.status, 'changed');
        assert.deepEqual([deployments.length, deployments], [1, outcome?.deployIds]);
        assert.deepEqual(updates.sort(), alias === 'prod' ? old : expected);
        assert.deepEqual(publishEvents(org), expected);
        assert.equal(writes[0]?.kind, 'deploy');
      });
    }
  });

  test('leaves an empty plan and no drift', async () => {
    const { exit, document } = await fleet.plan();
    const status = await fleet.status();
    assert.deepEqual([exit, status.exit], [0, 0]);
    assert.deepEqual(
      document.orgs.map(({ status: outcome, changes }) => [outcome, changes.length]),
      ALIASES.map(() => ['unchanged', 0]),
    );
    assert.match(status.shown, /No drift in \d+ orgs?\./);
  });

  test('reports every org as unchanged and writes nothing when it runs again', async () => {
    const start = logLengths(fleet);
    const { exit, document } = await fleet.deploy();
    assert.equal(exit, 0);
    assert.deepEqual(
      document.orgs.map(({ status: outcome, deployIds }) => [outcome, deployIds]),
      ALIASES.map(() => ['unchanged', []]),
    );
    assert.deepEqual(
      ALIASES.map((alias, index) => writeEvents(fleet.org(alias), start[index])),
      ALIASES.map(() => []),
    );
  });

  test('publishes only the chat deployment whose channel changed', async () => {
    const start = logLengths(fleet);
    fleet.rewrite('force-app/main/default/messagingChannels/Mobile_Chat.messagingChannel-meta.xml', '>60<', '>90<');
    const { exit } = await fleet.deploy({ org: ['dev'] });
    assert.equal(exit, 0);
    assert.deepEqual(publishEvents(fleet.org('dev'), start[0]), ['Mobile_Chat']);
    assert.deepEqual(writeEvents(fleet.org('uat'), start[1]), [], 'writes only to the selected org');
  });
});

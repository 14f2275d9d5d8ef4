import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startFleet, writeEvents } from './fleet';
import { rejectedQueueOrg } from './rejected-queue';
import { shareWorkspace } from './workspace';

const workspace = shareWorkspace();

test('reports a rejected deploy with the Salesforce error, file, and line, and changes nothing', async () => {
  const fleet = await startFleet(workspace, { dev: rejectedQueueOrg });
  const dev = fleet.org('dev');
  const before = dev.files();
  const { exit, org, shown } = await fleet.deploy();
  const { status, error, deployIds } = org('dev');
  assert.deepEqual([exit, status, error?.code], [1, 'failed', 'deploy-failed']);
  const why =
    /messagingChannels\/Guest_Web_Chat\.messagingChannel:(\d+): Queue Deaf does not support the object MessagingSession/;
  assert.ok(Number(why.exec(error?.why ?? '')?.[1]) > 3, error?.why);
  assert.match(shown.replace(/\s+/g, ' '), why);
  assert.deepEqual(dev.files(), before);
  assert.deepEqual(
    writeEvents(dev).map(({ kind, detail }) => [kind, detail['id']]),
    [['deploy', deployIds[0]]],
    'no channel is activated and no deployment published',
  );
});

test('succeeds with the same deploy after the cause is fixed', async () => {
  const fleet = await startFleet(workspace, { dev: rejectedQueueOrg });
  fleet.org('dev').edit('queues/Deaf.queue', (content) => content.replace('Case', 'MessagingSession'));
  assert.deepEqual([(await fleet.deploy()).exit, (await fleet.plan()).exit], [0, 0]);
});

/** Source errors that check finds, each caused by one edit. */
const REJECTED_SOURCES: Readonly<
  Record<string, readonly [file: string, from: string | RegExp, to: string, rule: string]>
> = {
  'an API version below 62': ['sfdx-project.json', /"67\.0"/, '"61.0"', 'api-version'],
  'a channel with a missing keyset': [
    'force-app/main/default/messagingChannels/Web_Chat.messagingChannel-meta.xml',
    '>Customer_Identity<',
    '>Nobody<',
    'unresolved-reference',
  ],
  'a malformed XML file': [
    'force-app/main/default/messagingChannels/Web_Chat.messagingChannel-meta.xml',
    '</embeddedConfig>',
    '',
    'ill-formed-xml',
  ],
  'an org file that is not JSON': ['config/orgs/dev.json', '{', '', 'ill-formed-json'],
};

for (const [what, [file, from, to, rule]] of Object.entries(REJECTED_SOURCES)) {
  test(`stops plan, status, and deploy before contacting an org for ${what}`, async () => {
    const fleet = await startFleet(workspace, { dev: {} });
    const asked = fleet.org('dev').log.length;
    fleet.rewrite(file, from, to);
    for (const command of ['plan', 'status', 'deploy'] as const) {
      const { exit, document } = await fleet.run(command, { accept: ['disruptive'] });
      const found = document.findings.find((finding) => finding.rule === rule);
      assert.deepEqual([exit, document.orgs, found?.severity, found?.file], [3, [], 'error', file], command);
    }
    assert.equal(fleet.org('dev').log.length, asked);
  });
}

test('rejects an org that is not in config/orgs', async () => {
  const fleet = await startFleet(workspace, { dev: {} });
  await assert.rejects(fleet.plan({ org: ['developer'] }), { code: 'unknown-org', exit: 3 });
});

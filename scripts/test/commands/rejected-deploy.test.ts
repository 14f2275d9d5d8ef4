import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startFleet, writeEvents } from './fleet';
import { rejectedQueueOrg } from './rejected-queue';
import { createWorkspace } from './workspace';

const workspace = createWorkspace();

test("a deployment that Salesforce refuses fails in Salesforce's words, with file and line, and nothing is applied", async () => {
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

test('once the reason is mended, the same deploy goes through', async () => {
  const fleet = await startFleet(workspace, { dev: rejectedQueueOrg });
  fleet.org('dev').edit('queues/Deaf.queue', (content) => content.replace('Case', 'MessagingSession'));
  assert.deepEqual([(await fleet.deploy()).exit, (await fleet.plan()).exit], [0, 0]);
});

/** Findings of check, each made by one change of the project. */
const REJECTED_SOURCES: Readonly<
  Record<string, readonly [file: string, from: string | RegExp, to: string, rule: string]>
> = {
  'an API version below 62': ['sfdx-project.json', /"67\.0"/, '"61.0"', 'api-version'],
  'a channel that names a missing keyset': [
    'force-app/main/default/messagingChannels/Web_Chat.messagingChannel-meta.xml',
    '>Customer_Identity<',
    '>Nobody<',
    'unresolved-reference',
  ],
  'an ill-formed file': [
    'force-app/main/default/messagingChannels/Web_Chat.messagingChannel-meta.xml',
    '</embeddedConfig>',
    '',
    'ill-formed-xml',
  ],
  'an org file that is no JSON': ['config/orgs/dev.json', '{', '', 'ill-formed-json'],
};

for (const [what, [file, from, to, rule]] of Object.entries(REJECTED_SOURCES)) {
  test(`${what} stops plan, status and deploy before any org is asked anything`, async () => {
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

test('an org that is not in config/orgs is no org', async () => {
  const fleet = await startFleet(workspace, { dev: {} });
  await assert.rejects(fleet.plan({ org: ['developer'] }), { code: 'unknown-org', exit: 3 });
});

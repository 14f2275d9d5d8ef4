import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { TOKEN_DEFECTS } from '../../local-org/chat-api-settings';
import { writeEvents } from '../commands/fleet';
import { shareWorkspace } from '../commands/workspace';
import { startTestOrgs, type TestOrgs } from './test-orgs';

const workspace = shareWorkspace();

let testOrgs: TestOrgs;
before(async () => {
  testOrgs = await startTestOrgs(workspace, {
    dev: {},
    uat: { config: { wave: 2 } },
    lax: { config: { wave: 3 }, chatApi: { accept: TOKEN_DEFECTS } },
    last: { config: { wave: 4 } },
  });
});

test('verifies each org before the next wave and skips the waves after an org that accepts forged tokens', async () => {
  const { fleet, keyFile } = testOrgs;
  const start = fleet.org('last').log.length;
  fleet.rewrite('force-app/main/default/messagingChannels/Web_Chat.messagingChannel-meta.xml', '>60<', '>90<');
  const ran = await fleet.deployAccepted({ verify: true, publishTimeout: '1m', privateKey: keyFile });
  const outcomes = ['dev', 'uat', 'lax', 'last'].map((alias) => ran.org(alias).status);
  assert.deepEqual([ran.exit, ...outcomes], [1, 'changed', 'changed', 'failed', 'skipped'], ran.shown);
  assert.ok(
    ran.org('uat').checks.some(({ part, name, ok }) => part === 'acceptance' && name === 'token lifetime' && ok),
  );
  assert.equal(ran.org('lax').error?.code, 'verify-failed');
  assert.deepEqual(writeEvents(fleet.org('last'), start), []);
  assert.match(ran.shown, /ACCEPTED/);
});

test('verifies an unchanged org', async () => {
  const ran = await testOrgs.fleet.deployAccepted({ verify: true, org: ['dev'], privateKey: testOrgs.keyFile });
  assert.equal(ran.exit, 0, ran.shown);
  assert.equal(ran.org('dev').status, 'unchanged');
  assert.ok(ran.org('dev').checks.filter(({ part }) => part === 'rejection').length >= 16);
});

test('rolls back an org that fails verification with --rollback-on-failure', async () => {
  const { fleet, keyFile } = testOrgs;
  const flags = { verify: true, publishTimeout: '1m', privateKey: keyFile, rollbackOnFailure: true };
  fleet.rewrite('force-app/main/default/messagingChannels/Web_Chat.messagingChannel-meta.xml', '>90<', '>120<');
  const ran = await fleet.deployAccepted({ ...flags, org: ['lax'] });
  assert.equal(ran.exit, 1, ran.shown);
  assert.match(fleet.org('lax').files().get('messagingChannels/Web_Chat.messagingChannel') ?? '', />90</);
});

test('verifies the channels of the source for a saved plan that changes only a keyset', async () => {
  const { fleet, keyFile } = testOrgs;
  const keyset = 'force-app/main/default/PublicKeyCertificateSet/Customer_Identity.PublicKeyCertificateSet-meta.xml';
  fleet.rewrite(keyset, '</description>', ' Sealed.</description>');
  const plan = join(fleet.project, 'plan.json');
  await fleet.plan({ out: plan, org: ['dev'] });
  const ran = await fleet.deployAccepted({ plan, verify: true, org: ['dev'], privateKey: keyFile });
  assert.deepEqual([ran.exit, ran.org('dev').status], [0, 'changed'], ran.shown);
  assert.ok(ran.org('dev').checks.some(({ part, ok }) => part === 'acceptance' && ok));
  assert.ok(ran.org('dev').checks.filter(({ part }) => part === 'rejection').length >= 16);
});

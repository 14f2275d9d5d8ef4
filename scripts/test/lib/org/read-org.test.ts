import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mapOf, type DesiredState } from '../../../lib/model';
import { readChannels, readOrg, readQueues } from '../../../lib/org';
import { API_VERSION, channel, desiredState, fakeDev, ORG, queue } from './org-samples';

const FILES = {
  'messagingChannels/Web.messagingChannel': '<MessagingChannel><masterLabel>Web</masterLabel></MessagingChannel>',
  'queues/Chat.queue': '<Queue><name>Chat</name></Queue>',
  'queues/Other.queue': '<Queue><name>Other</name></Queue>',
  'flows/Route.flow': '<Flow/>',
};

const read = (desired: DesiredState, setup = {}) =>
  readOrg(fakeDev({ files: FILES, ...setup }).sf, desired, API_VERSION);
const withExisting = (...existing: string[]): DesiredState => ({ ...desiredState(), org: { ...ORG, existing } });

test('reads all channels, and other components by name', async () => {
  const live = await read(desiredState(queue('Chat', 'New')), { active: ['Web'] });
  assert.deepEqual([...live.components.keys()].sort(), ['MessagingChannel:Web', 'Queue:Chat']);
  assert.deepEqual([...live.channels], [['Web', { id: 'id-of-Web', active: true }]]);
  assert.deepEqual([live.facts.orgId, live.facts.kind, live.missing], ['00D000000000001EAA', 'sandbox', []]);
});

test('reads the components at the start of a transition', async () => {
  const from = { components: new Map([['Queue:Other', null] as const]), channels: new Map(), partial: false };
  const transition = { from, to: { ...from, components: new Map() }, publish: [] };
  const live = await read({ org: ORG, components: mapOf([]), compromised: [], transition });
  assert.ok(live.components.has('Queue:Other'));
});

test('requests chat deployments by name and with a wildcard', async () => {
  const { sf, org } = fakeDev();
  const site = { type: 'EmbeddedServiceConfig', fullName: 'Site', root: queue('x', 'x').root } as const;
  await readOrg(sf, desiredState(site, channel('Web', 'Chat')), API_VERSION);
  const [manifest = ''] = org.detailsOf('retrieve');
  assert.match(manifest, /<members>\*<\/members>\s*<members>Site<\/members>\s*<name>EmbeddedServiceConfig</);
  assert.doesNotMatch(manifest, /<members>Web</);
});

test('reports components listed under "existing" that the org does not have', async () => {
  const existing = ['Queue:Chat', 'Queue:Absent', 'Flow:Route', 'Flow:Absent', 'Flow:Chat'];
  assert.deepEqual((await read(withExisting(...existing))).missing, ['Queue:Absent', 'Flow:Absent', 'Flow:Chat']);
});

test('ignores case in the names of components listed under "existing"', async () => {
  const { sf, org } = fakeDev();
  org.intercept('retrieve', () =>
    Promise.resolve(new Map([['queues/Chat.queue', Buffer.from(FILES['queues/Chat.queue'])]])),
  );
  assert.deepEqual((await readOrg(sf, withExisting('Queue:CHAT'), API_VERSION)).missing, []);
});

test('rejects a component that cannot be parsed, and names it', async () => {
  const files = { 'queues/Chat.queue': '<Queue><name>' };
  await assert.rejects(read(desiredState(queue('Chat', 'Chat')), { files }), {
    code: 'retrieve-failed',
    what: 'Queue:Chat of "dev" can\'t be parsed.',
    fix: /--metadata Queue:Chat --target-org dev/,
  });
});

test('names the missing permission instead of the error of the retrieve', async () => {
  const { sf, org } = fakeDev({ missingPermissions: ['PermissionsViewSetup'] });
  org.fail('retrieve', 'rejected');
  await assert.rejects(readOrg(sf, desiredState(), API_VERSION), { code: 'missing-permission' });
});

test('passes on the error of the retrieve if no permission is missing', async () => {
  const { sf, org } = fakeDev();
  org.fail('retrieve', 'rejected');
  await assert.rejects(readOrg(sf, desiredState(), API_VERSION), { code: 'retrieve-failed' });
});

test('passes on the error of a query, whatever the retrieve returns', async () => {
  const { sf, org } = fakeDev();
  org.fail('query', 'loginRefused');
  org.fail('retrieve', 'unreachable');
  await assert.rejects(readOrg(sf, desiredState(), API_VERSION), { code: 'login-refused' });
});

test('sends no second query to an org that is unreachable', async () => {
  const { sf, org } = fakeDev();
  org.fail('query', 'unreachable');
  await assert.rejects(readOrg(sf, desiredState(), API_VERSION), { code: 'org-unreachable' });
  assert.equal(org.detailsOf('query').length, 1);
});

test('readChannels counts only IsActive = true as active', async () => {
  const { sf, org } = fakeDev();
  const rows = [true, false, null, 'true'].map((IsActive, index) => ({
    Id: `${index}`,
    DeveloperName: `C${index}`,
    IsActive,
  }));
  org.intercept('query', () => Promise.resolve(rows));
  const channels = await readChannels(sf, 'dev');
  assert.deepEqual(
    [...channels.values()].map(({ active }) => active),
    [true, false, false, false],
  );
  assert.match(org.detailsOf('query')[0] ?? '', /WHERE MessageType = 'EmbeddedMessaging'/);
});

test('readQueues tells which queues accept messaging sessions and have a routing configuration', async () => {
  const { sf, org } = fakeDev();
  const groups = [
    { DeveloperName: 'Chat', QueueRoutingConfigId: '0K9000000000001' },
    { DeveloperName: 'Cases', QueueRoutingConfigId: null },
  ];
  org.intercept('query', () => Promise.resolve(groups));
  org.intercept('query', () => Promise.resolve([{ Queue: { DeveloperName: 'Chat' } }, { Queue: null }]));
  assert.deepEqual(
    [...(await readQueues(sf, 'dev'))],
    [
      ['Chat', { acceptsMessagingSessions: true, hasRouting: true }],
      ['Cases', { acceptsMessagingSessions: false, hasRouting: false }],
    ],
  );
});

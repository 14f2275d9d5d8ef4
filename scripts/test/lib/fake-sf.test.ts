import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeSf } from './fake-sf';

const FILES = { 'messagingChannels/Web.messagingChannel': '<a/>', 'queues/Chat.queue': '<q/>', 'flows/Route.flow': '' };
const manifest = (type: string, member: string): string =>
  `<Package><types><members>${member}</members><name>${type}</name></types></Package>`;
const pathsOf = (files: ReadonlyMap<string, Buffer>): readonly string[] =>
  [...files.keys()].filter((path) => path !== 'package.xml');

test('retrieves the files that the manifest names, by name or all of a type', async () => {
  const sf = new FakeSf({ dev: { files: FILES } });
  const retrieve = async (type: string, member: string) => pathsOf(await sf.retrieve('dev', manifest(type, member)));
  assert.deepEqual(await retrieve('MessagingChannel', '*'), ['messagingChannels/Web.messagingChannel']);
  assert.deepEqual(await retrieve('Queue', 'Chat'), ['queues/Chat.queue']);
  assert.deepEqual(await retrieve('Queue', 'Other'), []);
  assert.deepEqual(await retrieve('Flow', 'Route'), ['flows/Route.flow']);
});

test('applies a package as one transaction, deletions included', async () => {
  const sf = new FakeSf({ dev: { files: FILES, active: ['Web'] } });
  const files = new Map([
    ['package.xml', manifest('Queue', 'New')],
    ['queues/New.queue', '<n/>'],
    ['destructiveChangesPost.xml', manifest('MessagingChannel', 'Web')],
  ]);
  const id = await sf.deploy('dev', files);
  const report = await sf.report('dev', id);
  assert.deepEqual([report.success, report.status, report.done], [true, 'Succeeded', true]);
  assert.deepEqual([...sf.org('dev').files.keys()].sort(), [
    'flows/Route.flow',
    'queues/Chat.queue',
    'queues/New.queue',
  ]);
  assert.deepEqual([...sf.org('dev').active], []);
});

test('applies nothing of a job that fails', async () => {
  const sf = new FakeSf({ dev: { files: FILES } });
  sf.org('dev').rejectDeploy('It is invalid.', 'Queue', 'New');
  const id = await sf.deploy('dev', new Map([['queues/New.queue', '<n/>']]));
  const { success, details } = await sf.report('dev', id);
  assert.equal(success, false);
  assert.deepEqual(
    details.componentFailures.map(({ problem }) => problem),
    ['It is invalid.'],
  );
  assert.equal(sf.org('dev').files.has('queues/New.queue'), false);
});

test('loses an answer after the effect, and fails before it', async () => {
  const sf = new FakeSf({ dev: { files: FILES } });
  sf.org('dev').loseAnswer('setActive');
  sf.org('dev').fail('setActive', 'unreachable');
  await assert.rejects(sf.setActive('dev', 'id-of-Web', true), { code: 'activate-failed' });
  assert.deepEqual([...sf.org('dev').active], ['Web']);
  await assert.rejects(sf.setActive('dev', 'id-of-Web', false), { code: 'org-unreachable' });
  assert.deepEqual([...sf.org('dev').active], ['Web']);
});

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startTestOrg, type Client } from './client';
import { PATHS, queueXml, routingXml } from './samples';

const LWC =
  '<LightningComponentBundle xmlns="http://soap.sforce.com/2006/04/metadata"><apiVersion>67.0</apiVersion></LightningComponentBundle>';
const LABELS =
  '<CustomLabels xmlns="http://soap.sforce.com/2006/04/metadata"><labels><fullName>One</fullName><language>en_US</language><protected>true</protected><shortDescription>One</shortDescription><value>1</value></labels></CustomLabels>';

/** The changes after a revision, as the CLI asks for them: type, name, revision, whether it was deleted. */
async function changesAfter(client: Client, revision: number): Promise<string[]> {
  const soql =
    'SELECT MemberIdOrName, MemberType, MemberName, IsNameObsolete, RevisionCounter, IsNewMember, ChangedBy, ' +
    `LastModifiedDate FROM SourceMember WHERE RevisionCounter > ${revision}`;
  const { records } = await client.query(soql, true);
  return records.map(
    ({ MemberType, MemberName, RevisionCounter, IsNameObsolete, IsNewMember }) =>
      `${String(RevisionCounter)} ${String(MemberType)}:${String(MemberName)}${IsNewMember ? ' new' : ''}${IsNameObsolete ? ' deleted' : ''}`,
  );
}

test('gives each changed component the next revision, and an unchanged one none', async (t) => {
  const client = await startTestOrg(t, { sourceTracking: true });
  assert.deepEqual(await changesAfter(client, 0), []);
  await client.deploy({ [PATHS.routing]: routingXml, [PATHS.queue]: queueXml });
  const created = await changesAfter(client, 0);
  assert.deepEqual(created.map((line) => line.slice(2)).sort(), ['Queue:Chat new', 'QueueRoutingConfig:Chat new']);
  await client.deploy({ [PATHS.routing]: routingXml, [PATHS.queue]: queueXml });
  assert.deepEqual(await changesAfter(client, 2), []);
  client.org.edit(PATHS.queue, (xml) => xml.replace('<name>', '<name>New '));
  assert.deepEqual(await changesAfter(client, 2), ['3 Queue:Chat']);
});

test('tracks labels one by one, and the files of a component', async (t) => {
  const client = await startTestOrg(t, { sourceTracking: true });
  const files = { 'labels/CustomLabels.labels': LABELS, 'lwc/chat/chat.js': '//', 'lwc/chat/chat.js-meta.xml': LWC };
  assert.equal((await client.deploy(files)).status, 'Succeeded');
  assert.deepEqual((await changesAfter(client, 0)).map((line) => line.slice(2)).sort(), [
    'CustomLabel:One new',
    'LightningComponentBundle:chat new',
    'LightningComponentResource:chat/chat.js new',
    'LightningComponentResource:chat/chat.js-meta.xml new',
  ]);
});

test('keeps revisions and deletions across a restart', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'local-org-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const options = { sourceTracking: true, stateFile: join(folder, 'dev.json') };
  const first = await startTestOrg(t, options);
  await first.deploy({ [PATHS.routing]: routingXml });
  assert.equal((await changesAfter(first, 0)).length, 1);
  await first.soap('<deleteMetadata><type>QueueRoutingConfig</type><fullNames>Chat</fullNames></deleteMetadata>');
  await first.org.close();
  const second = await startTestOrg(t, options);
  assert.deepEqual(await changesAfter(second, 0), ['2 QueueRoutingConfig:Chat deleted']);
});

test('an org without source tracking has no SourceMember, and a production org never has one', async (t) => {
  const path = '/services/data/v67.0/tooling/sobjects/SourceMember/describe';
  for (const [options, status] of [
    [{}, 404],
    [{ sourceTracking: true, kind: 'production' }, 404],
    [{ sourceTracking: true }, 200],
  ] as const) {
    const response = await (await startTestOrg(t, options)).rest(path);
    assert.deepEqual([response.status, response.headers.get('x-local-org')], [status, null]);
  }
});

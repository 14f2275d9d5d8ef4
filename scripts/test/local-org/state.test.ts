import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { test, type TestContext } from 'node:test';
import { startLocalOrg, type LocalOrg, type LocalOrgOptions } from '../../local-org/index';
import { Client, loginKey, startTestOrg, logIn } from './client';
import { channelXml, deploymentXml, PATHS, verifiedChannel } from './samples';

const options = { alias: 'dev', kind: 'sandbox', port: 0, loginKey } as const;

function createFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'local-org-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** Starts an org and closes it after the test, so that a failed test doesn't keep the process running. */
async function start(t: TestContext, more: Partial<LocalOrgOptions>): Promise<LocalOrg> {
  const org = await startLocalOrg({ ...options, ...more });
  t.after(() => org.close());
  return org;
}

async function startWith(t: TestContext, stateFile: string, latency = {}): Promise<Client> {
  const org = await start(t, { stateFile, latency });
  return new Client(org, await logIn(org));
}

test('keeps metadata, active channels, published settings, jobs, and the refresh token across a restart', async (t) => {
  const folder = createFolder(t);
  const file = join(folder, 'state', 'dev.json');
  const first = await startWith(t, file);
  const { id } = await first.deploy({ ...verifiedChannel, [PATHS.deployment]: deploymentXml() });
  const channel = (await first.query('SELECT Id FROM MessagingChannel')).records[0]?.['Id'] as string;
  const body = JSON.stringify({ IsActive: true });
  await first.rest(`/services/data/v67.0/sobjects/MessagingChannel/${channel}`, { method: 'PATCH', body });
  const deployment = (await first.query('SELECT Id FROM EmbeddedServiceConfig', true)).records[0]?.['Id'] as string;
  await first.rest(`/services/data/v67.0/connect/embeddedservice/embeddedserviceconfig/publish/${deployment}`, {
    method: 'POST',
  });
  await first.org.close();

  const second = await startWith(t, file);
  assert.deepEqual(second.org.files(), first.org.files());
  assert.equal((await second.status(id)).status, 'Succeeded');
  const [restored] = (await second.query('SELECT Id, IsActive FROM MessagingChannel')).records;
  assert.deepEqual([restored?.['Id'], restored?.['IsActive']], [channel, true]);
  assert.equal(second.org.refreshToken, first.org.refreshToken);
  assert.match(readFileSync(file, 'utf8'), /"publishedDate": "20/);
  assert.deepEqual(readdirSync(join(folder, 'state')), ['dev.json']);
  // The old session has ended.
  assert.equal((await new Client(second.org, first.accessToken).rest('/services/data/v67.0/')).status, 401);
  await second.org.close();
});

test('continues a deploy job after a restart', async (t) => {
  const folder = createFolder(t);
  const file = join(folder, 'dev.json');
  const first = await startWith(t, file, { deploy: 200 });
  const id = await first.submit(verifiedChannel);
  await first.org.close();
  await sleep(210);
  const second = await startWith(t, file);
  assert.equal((await second.status(id)).status, 'Succeeded');
  assert.ok(second.org.files().has(PATHS.channel));
  await second.org.close();
});

test('rejects an invalid state file and a state file of another org, with a fix', async (t) => {
  const folder = createFolder(t);
  const file = join(folder, 'org.json');
  await (await start(t, { alias: 'uat', stateFile: file })).close();
  await assert.rejects(start(t, { stateFile: file }), /doesn't contain the state of the local org "dev"\. Delete it/);
  writeFileSync(file, '{');
  await assert.rejects(start(t, { stateFile: file }), /can't be read\. To start with an empty org, delete it/);
});

test('applies the seed at the first start only, without the rules', async (t) => {
  const folder = createFolder(t);
  const seed = [{ path: PATHS.channel, content: channelXml('<authMode>Odd</authMode>'), active: true }];
  const stateFile = join(folder, 'dev.json');
  const first = await start(t, { seed, stateFile });
  assert.equal(first.files().get(PATHS.channel), seed[0]?.content);
  first.edit(PATHS.channel, (content) => content.replace('Odd', 'Odder'));
  await first.close();
  const second = await start(t, { seed, stateFile });
  assert.match(second.files().get(PATHS.channel) ?? '', /Odder/);
  const client = new Client(second, await logIn(second));
  assert.equal((await client.query('SELECT IsActive FROM MessagingChannel')).records[0]?.['IsActive'], true);
  await second.close();
});

test('edits a file without a deploy job', async (t) => {
  const { org } = await startTestOrg(t, { seed: [{ path: PATHS.channel, content: channelXml() }] });
  org.edit(PATHS.channel, (content) => content.replace('>60<', '>90<'));
  assert.match(org.files().get(PATHS.channel) ?? '', />90</);
  assert.ok(org.log.every(({ kind }) => kind !== 'deploy'));
  assert.throws(() => org.edit('queues/Gone.queue', (content) => content), /has no file queues\/Gone\.queue/);
});

test('ends waiting requests on close', async (t) => {
  const org = await start(t, { latency: { query: 60_000 } });
  const client = new Client(org, await logIn(org));
  const waiting = client.query('SELECT Id FROM User').catch(() => 'ended');
  await sleep(50);
  await org.close();
  assert.equal(await waiting, 'ended');
});

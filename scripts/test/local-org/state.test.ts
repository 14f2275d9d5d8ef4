import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { startLocalOrg } from '../../local-org/index';
import { Client, loginKey, startTestOrg, logIn } from './client';
import { channelXml, deploymentXml, PATHS, verifiedChannel } from './samples';

const options = { alias: 'dev', kind: 'sandbox', port: 0, loginKey } as const;

async function withFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'local-org-'));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function startWith(stateFile: string, latency = {}): Promise<Client> {
  const org = await startLocalOrg({ ...options, stateFile, latency });
  return new Client(org, await logIn(org));
}

test('metadata, active channels, published deployments, jobs and the refresh token survive a restart', async () =>
  withFolder(async (folder) => {
    const file = join(folder, 'state', 'dev.json');
    const first = await startWith(file);
    const { id } = await first.deploy({ ...verifiedChannel, [PATHS.deployment]: deploymentXml() });
    const channel = (await first.query('SELECT Id FROM MessagingChannel')).records[0]?.['Id'] as string;
    const body = JSON.stringify({ IsActive: true });
    await first.rest(`/services/data/v67.0/sobjects/MessagingChannel/${channel}`, { method: 'PATCH', body });
    const deployment = (await first.query('SELECT Id FROM EmbeddedServiceConfig', true)).records[0]?.['Id'] as string;
    await first.rest(`/services/data/v67.0/connect/embeddedservice/embeddedserviceconfig/publish/${deployment}`, {
      method: 'POST',
    });
    await first.org.close();

    const second = await startWith(file);
    assert.deepEqual(second.org.files(), first.org.files());
    assert.equal((await second.status(id)).status, 'Succeeded');
    const [again] = (await second.query('SELECT Id, IsActive FROM MessagingChannel')).records;
    assert.deepEqual([again?.['Id'], again?.['IsActive']], [channel, true]);
    assert.equal(second.org.refreshToken, first.org.refreshToken);
    assert.match(readFileSync(file, 'utf8'), /"publishedDate": "20/);
    assert.deepEqual(readdirSync(join(folder, 'state')), ['dev.json']);
    // The session of before is gone; the same login works.
    assert.equal((await new Client(second.org, first.accessToken).rest('/services/data/v67.0/')).status, 401);
    await second.org.close();
  }));

test('a deployment the org was working on goes on after a restart', async () =>
  withFolder(async (folder) => {
    const file = join(folder, 'dev.json');
    const first = await startWith(file, { deploy: 200 });
    const id = await first.submit(verifiedChannel);
    await first.org.close();
    await sleep(210);
    const second = await startWith(file);
    assert.equal((await second.status(id)).status, 'Succeeded');
    assert.ok(second.org.files().has(PATHS.channel));
    await second.org.close();
  }));

test('a state file of another org, or a broken one, is refused with what to do', async () =>
  withFolder(async (folder) => {
    const file = join(folder, 'org.json');
    await (await startLocalOrg({ ...options, alias: 'uat', stateFile: file })).close();
    await assert.rejects(
      startLocalOrg({ ...options, stateFile: file }),
      /is not the state of the local org "dev"\. Delete it/,
    );
    writeFileSync(file, '{');
    await assert.rejects(startLocalOrg({ ...options, stateFile: file }), /cannot be read\. Delete it/);
  }));

test('the seed is there from the start, outside the rules, and only the first time', async () =>
  withFolder(async (folder) => {
    const seed = [{ path: PATHS.channel, content: channelXml('<authMode>Odd</authMode>'), active: true }];
    const stateFile = join(folder, 'dev.json');
    const first = await startLocalOrg({ ...options, seed, stateFile });
    assert.equal(first.files().get(PATHS.channel), seed[0]?.content);
    first.edit(PATHS.channel, (content) => content.replace('Odd', 'Odder'));
    await first.close();
    const second = await startLocalOrg({ ...options, seed, stateFile });
    assert.match(second.files().get(PATHS.channel) ?? '', /Odder/);
    const client = new Client(second, await logIn(second));
    assert.equal((await client.query('SELECT IsActive FROM MessagingChannel')).records[0]?.['IsActive'], true);
    await second.close();
  }));

test('an edit behind the back is no deployment', async (t) => {
  const { org } = await startTestOrg(t, { seed: [{ path: PATHS.channel, content: channelXml() }] });
  org.edit(PATHS.channel, (content) => content.replace('>60<', '>90<'));
  assert.match(org.files().get(PATHS.channel) ?? '', />90</);
  assert.ok(org.log.every(({ kind }) => kind !== 'deploy'));
  assert.throws(() => org.edit('queues/Gone.queue', (content) => content), /has no file queues\/Gone\.queue/);
});

test('closing ends waiting requests', async () => {
  const org = await startLocalOrg({ ...options, latency: { query: 60_000 } });
  const client = new Client(org, await logIn(org));
  const waiting = client.query('SELECT Id FROM User').catch(() => 'ended');
  await sleep(50);
  await org.close();
  assert.equal(await waiting, 'ended');
});

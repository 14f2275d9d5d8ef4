import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { parseTraffic } from '../../local-org/index';
import { CHAT_PATHS, verifiedChat } from './chat-api/chat';
import { createSigner } from './chat-api/signer';
import type { Client } from './client';
import { startTestOrg } from './client';

const MINUTE_MS = 60_000;
const START = Date.parse('2026-11-02T10:00:00Z');
const signer = createSigner();

/** An org with traffic, and its clock. */
async function startTraffic(
  context: TestContext,
  spec: string,
): Promise<{ client: Client; pass: (minutes: number) => void }> {
  let now = START;
  const options = { seed: verifiedChat(await signer), traffic: parseTraffic(spec), now: () => new Date(now) };
  return { client: await startTestOrg(context, options), pass: (minutes) => void (now += minutes * MINUTE_MS) };
}

/** The number of sessions of verified users, and of all, by channel. */
async function counts(client: Client, where = ''): Promise<readonly unknown[]> {
  const count = async (filter: string): Promise<unknown> => {
    const conditions = [filter, where].filter((each) => each !== '').join(' AND ');
    const soql = `SELECT MessagingChannelId, COUNT(Id) chats FROM MessagingSession${conditions === '' ? '' : ` WHERE ${conditions}`} GROUP BY MessagingChannelId`;
    return (await client.query(soql)).records[0]?.['chats'] ?? 0;
  };
  return [await count("MessagingEndUser.MessagingPlatformKey LIKE 'v2/iamessage/AUTH/%'"), await count('')];
}

describe('traffic', () => {
  test('generates chats from the clock, with the platform keys that sources document', async (context) => {
    const { client, pass } = await startTraffic(context, 'verified=40/m,unverified=2/m');
    assert.deepEqual(await counts(client), [0, 0]);
    pass(10);
    assert.deepEqual(await counts(client), [400, 420]);
    const { records } = await client.query('SELECT MessagingPlatformKey FROM MessagingEndUser');
    const kinds = new Set(records.map((each) => String(each['MessagingPlatformKey']).split('uid:')[0]));
    assert.deepEqual([...kinds].sort(), ['v2/iamessage/AUTH/Customer/', 'v2/iamessage/UNAUTH/NA/']);
  });

  test('is the same for the same clock, however often the org is asked', async (context) => {
    const ids = async (asks: readonly number[]): Promise<unknown> => {
      const { client, pass } = await startTraffic(context, 'verified=7/m,unverified=3/m');
      for (const minutes of asks) {
        pass(minutes);
        await counts(client);
      }
      return (await client.query('SELECT Id, CreatedDate FROM MessagingSession ORDER BY Id')).records;
    };
    assert.deepEqual(await ids([1, 2, 3]), await ids([6]));
  });

  for (const [broken, expected] of [
    ['unverified', [200, 410]],
    ['none', [200, 210]],
  ] as const)
    test(`nobody is verified after broken-after, with broken=${broken}`, async (context) => {
      const { client, pass } = await startTraffic(
        context,
        `verified=40/m,unverified=1/m,broken-after=5m,broken=${broken}`,
      );
      pass(10);
      assert.deepEqual(await counts(client), expected);
    });

  test('begins before the org started, and answers date filters', async (context) => {
    const { client } = await startTraffic(context, 'verified=60/h,before=7d');
    assert.deepEqual(await counts(client), [7 * 24 * 60, 7 * 24 * 60]);
    const hour = 'CreatedDate >= 2026-11-01T09:00:00Z AND CreatedDate < 2026-11-01T10:00:00Z';
    assert.deepEqual(await counts(client, hour), [60, 60]);
  });

  test('ends while the channel is inactive or its chat deployment is turned off', async (context) => {
    const { client, pass } = await startTraffic(context, 'verified=60/h');
    pass(60);
    client.org.edit(CHAT_PATHS.deployment, (text) => text.replaceAll('<isEnabled>true', '<isEnabled>false'));
    pass(60);
    assert.deepEqual(await counts(client), [60, 60]);
  });

  test('verifies nobody on a channel without user verification', async (context) => {
    const { client, pass } = await startTraffic(context, 'verified=60/h,unverified=30/h');
    client.org.edit(CHAT_PATHS.channel, (text) => text.replace('<authMode>Auth', '<authMode>UnAuth'));
    pass(60);
    assert.deepEqual(await counts(client), [0, 30]);
  });

  test('setTraffic changes the rates from now on', async (context) => {
    const { client, pass } = await startTraffic(context, 'verified=60/h');
    pass(60);
    client.org.setTraffic('unverified=30/h');
    pass(60);
    assert.deepEqual(await counts(client), [60, 90]);
  });

  for (const [spec, message] of [
    ['verified=40', /Invalid value in "verified=40"/],
    ['verified=-1/m', /Invalid value/],
    ['verified=40/m,before=30d', /at most 50000 are possible/],
    ['broken=maybe', /Invalid value in "broken=maybe"/],
    ['verified=40/m,verified=2/m', /"verified" is given twice/],
    ['chats=4/m', /Unknown traffic "chats". Valid parts: verified, unverified, broken-after, broken, before/],
  ] as const)
    test(`rejects --traffic ${spec}`, () => assert.throws(() => parseTraffic(spec), message));
});

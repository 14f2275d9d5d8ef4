import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { shareLimitsFrom, windowSince } from '../../../lib/monitor/flags';
import { countChats, previousWindows } from '../../../lib/monitor/traffic';
import type { Row } from '../../../lib/sf';

const NOW = new Date('2026-11-28T10:00:00.000Z');
const CHANNEL = '0MjAAAAAAAAAAAAAAA';

/** An org that answers each query with the next rows. */
function fakeOrg(...answers: readonly (readonly Row[])[]) {
  const queries: string[] = [];
  const query = (_alias: string, soql: string): Promise<readonly Row[]> => {
    queries.push(soql);
    return Promise.resolve(answers[queries.length - 1] ?? []);
  };
  return { sf: { query }, queries };
}

const row = (id: string, chats: number): Row => ({ MessagingChannelId: id, chats });

describe('counting chats', () => {
  test('asks only for the IDs of channels and numbers', async () => {
    const { sf, queries } = fakeOrg([row(CHANNEL, 42)], [row(CHANNEL, 40)], [row(CHANNEL, 300)], [row(CHANNEL, 290)]);
    const counts = await countChats(sf, 'prod', windowSince('2h', NOW));
    assert.deepEqual(counts(CHANNEL), { now: { verified: 40, total: 42 }, before: { verified: 290, total: 300 } });
    assert.deepEqual(counts(CHANNEL.slice(0, 15)), counts(CHANNEL));
    assert.deepEqual(counts('0MjBBBBBBBBBBBBBBB').now, { verified: 0, total: 0 });
    for (const soql of queries)
      assert.match(
        soql,
        /^SELECT MessagingChannelId, COUNT\(Id\) chats FROM MessagingSession .* GROUP BY MessagingChannelId$/,
      );
    assert.equal(
      queries[1],
      "SELECT MessagingChannelId, COUNT(Id) chats FROM MessagingSession WHERE ChannelType = 'EmbeddedMessaging' AND ((CreatedDate >= 2026-11-28T08:00:00Z AND CreatedDate < 2026-11-28T10:00:00Z)) AND MessagingEndUser.MessagingPlatformKey LIKE 'v2/iamessage/AUTH/%' GROUP BY MessagingChannelId",
    );
  });

  test('throws for a response without the counts, which must not mean that nobody chats', async () => {
    const { sf } = fakeOrg([{ MessagingChannelId: CHANNEL, expr0: 3 }]);
    await assert.rejects(countChats(sf, 'prod', windowSince('2h', NOW)));
  });

  for (const [since, count, first] of [
    ['2h', 7, '2026-11-27T08:00:00.000Z'],
    ['24h', 7, '2026-11-26T10:00:00.000Z'],
    ['25h', 3, '2026-11-25T09:00:00.000Z'],
    ['8d', 0, undefined],
  ] as const)
    test(`compares ${since} with ${count} earlier times that don't overlap it`, () => {
      const window = windowSince(since, NOW);
      const previous = previousWindows(window);
      assert.equal(previous.length, count);
      assert.equal(previous[0]?.from.toISOString(), first);
      assert.ok(previous.every(({ to }) => to.getTime() <= window.from.getTime()));
    });
});

describe('flags', () => {
  for (const since of ['2h', '2026-11-28T08:00Z', '2026-11-28T09:00:00+01:00'])
    test(`--since ${since}`, () =>
      assert.equal(windowSince(since, NOW).from.toISOString(), '2026-11-28T08:00:00.000Z'));

  for (const since of [
    '',
    '2',
    'yesterday',
    '2026-11-28',
    '2026-11-28T08:00',
    '2026-11-28T11:00Z',
    '0h',
    '2026-02-30T08:00Z',
  ])
    test(`rejects --since "${since}"`, () => assert.throws(() => windowSince(since, NOW), { code: 'invalid-flag' }));

  for (const minVerified of ['101', '-1', 'all', '', '95%', '1e3'])
    test(`rejects --min-verified "${minVerified}"`, () =>
      assert.throws(() => shareLimitsFrom({ minVerified }), { code: 'invalid-flag' }));

  test('--min-verified accepts a fraction', () =>
    assert.equal(shareLimitsFrom({ minVerified: '99.5' }).minVerified, 99.5));
});

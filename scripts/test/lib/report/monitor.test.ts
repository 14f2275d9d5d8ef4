import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ChannelTraffic, MonitorRun, OrgResult } from '../../../lib/model';
import { monitorText } from '../../../lib/report';
import { htmlPage } from '../../../lib/report/html';
import { junitXml } from '../../../lib/report/junit';
import { markdownText } from '../../../lib/report/markdown';

const AT = new Date('2026-11-28T10:00:00.000Z');
const LAYOUT = { columns: 100, color: false };
const HOSTILE = '<b>"Chat"</b>\u001B[2J';

const traffic = (verified: number, total: number, change: Partial<ChannelTraffic> = {}): ChannelTraffic => ({
  channel: 'Web_Chat',
  chatDeployments: ['Web_Chat'],
  days: 7,
  now: { verified, total },
  before: { verified: 990, total: 1000 },
  ...change,
});

const runOf = (at: Date, ...channels: readonly ChannelTraffic[]): MonitorRun => ({
  at: at.toISOString(),
  since: '2026-11-28T08:00:00.000Z',
  orgs: [
    {
      alias: 'prod',
      status: 'unchanged',
      failed: [],
      inconclusive: [],
      traffic: channels,
      expirations: [
        { kind: 'key', name: 'Later', expiresAt: '2027-11-28T00:00:00.000Z', daysLeft: 364 },
        { kind: 'TLS', name: 'id.example.com', expiresAt: '2026-11-27T00:00:00.000Z', daysLeft: -2 },
      ],
    },
  ],
});

const ORG: OrgResult = {
  alias: 'prod',
  orgId: '00D000000000001EAA',
  kind: 'production',
  wave: 1,
  status: 'planned',
  changes: [
    {
      component: 'Queue:Chat',
      action: 'update',
      path: 'name',
      from: 'A',
      to: 'B',
      impact: 'none',
      effect: '',
    },
  ],
  deployIds: [],
  checks: [],
};
const RUN = runOf(AT, traffic(999, 1001), traffic(0, 0, { channel: HOSTILE, chatDeployments: ['One', 'Two'] }));
const document = { command: 'monitor', exitCode: 2, findings: [], orgs: [ORG], monitor: RUN } as const;

describe('the report of a monitor run', () => {
  test('shows counts and shares on a terminal, and never 100% for less', () => {
    const text = monitorText(LAYOUT, [ORG], RUN);
    assert.match(text, /^Chats since 2026-11-28 08:00 UTC +chats {2}verified {2}share {2}previous days\n/);
    assert.match(text, /^prod Web_Chat +1001 +999 +99\.8% +99%$/m);
    assert.match(text, /\(One, Two\) +0 +0 +- +99%$/m);
    assert.match(text, /prod: 2 certificates; the next one to expire: TLS certificate of id\.example\.com: expired/);
    assert.match(text, /prod: 1 difference from the source\. To see it: npm run plan -- --org prod/);
    assert.ok(!text.includes('\u001B'));
  });

  test('shows a list if the table is too wide, and breaks no name', () => {
    const alias = 'a'.repeat(40);
    const [prod] = RUN.orgs;
    const orgs = prod
      ? [{ ...prod, alias, traffic: [traffic(999, 1001), traffic(1, 1, { channel: 'C'.repeat(60) })] }]
      : [];
    const text = monitorText({ columns: 80, color: false }, [], { ...RUN, orgs });
    assert.match(text, /^Chats since 2026-11-28 08:00 UTC:\n/);
    assert.match(
      text.replace(/\n +/g, ' '),
      new RegExp(`${alias} Web_Chat: 1001 chats, 999 verified, share 99\\.8%, previous days 99%`),
    );
    assert.ok(text.includes('C'.repeat(60)));
    for (const line of text.split('\n')) assert.ok(line.length <= 80 || !/\S\s+\S/.test(line.trim()), line);
  });

  test('shows the next certificate once for the orgs that share it', () => {
    const [prod] = RUN.orgs;
    const orgs = ['qa1', 'qa2', 'eu'].flatMap((alias) => (prod ? [{ ...prod, alias }] : []));
    const text = monitorText(LAYOUT, [], { ...RUN, orgs });
    assert.match(text, /^qa1, qa2, eu: 2 certificates; the next one to expire: TLS/m);
    assert.equal(text.split('to expire').length, 2);
  });

  test('says that no chats were counted', () =>
    assert.match(monitorText(LAYOUT, [], { ...RUN, orgs: [] }), /^No chats were counted/));

  test('has the same numbers in Markdown, without markup of an org', () => {
    const text = markdownText({ document, at: AT });
    assert.match(text, /\| prod \| Web\\_Chat \| 1001 \| 999 \| 99\\?\.8% \| 99% \|/);
    assert.ok(!text.includes('<b>"Chat'));
    assert.match(text, /1 of 1 org differs from the desired state/);
  });

  test('fails drift in JUnit, as status does', () =>
    assert.match(junitXml({ document, at: AT }, 1), /<failure message="A -&gt; B" type="drift">/));

  test('draws the trend of each channel from the history, and describes it in words', () => {
    const history = [traffic(50, 100), traffic(0, 0), traffic(100, 100)].map((each, hour) =>
      runOf(new Date(AT.getTime() - (3 - hour) * 3_600_000), each),
    );
    const orgSettings = { matrix: { columns: [], rows: [] }, trust: [], history: [...history, RUN] };
    const page = htmlPage({ document, at: AT, orgSettings });
    // A run without a chat has no share.
    assert.match(page, /role="img"\s+aria-label="3 runs, from 50% to 99\.8%, lowest 50%"/);
    assert.match(page, /<polyline points="0,12 60,0 120,0"/);
    assert.match(page, /too few runs/);
    assert.ok(!page.includes('<b>"Chat"'));
    assert.match(page, /<li>TLS certificate of id\.example\.com: expired \(2026-11-27\)<\/li>/);
  });
});

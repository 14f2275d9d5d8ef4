import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { LocalOrg } from '../../local-org/index';
import { keysetXml, queueXml, routingXml } from '../local-org/samples';
import { CHANNEL_DRIFTS, RELATED_DRIFTS, replacedKeyDrift, TRUST_DRIFTS, type Drift } from './drift-cases';
import { startFleet, writeEvents, type Fleet } from './fleet';
import { shareWorkspace } from './workspace';

const workspace = shareWorkspace();

/** Components that the drifts refer to. They aren't in source. */
const SEED = [
  { path: 'queueRoutingConfigs/Chat.queueRoutingConfig', content: routingXml },
  { path: 'queues/Elsewhere.queue', content: queueXml },
  {
    path: 'PublicKeyCertificateSet/Other_Identity.PublicKeyCertificateSet',
    content: keysetXml().replaceAll('id.example.com', 'other.example.com'),
  },
];

describe('setting that an admin changes in Setup', () => {
  let fleet: Fleet;
  let org: LocalOrg;
  before(async () => {
    fleet = await startFleet(workspace, {
      dev: { seed: SEED, config: { include: ['CorsWhitelistOrigin:Customer_Site'] } },
    });
    org = fleet.org('dev');
    assert.equal((await fleet.deploy()).exit, 0);
  });

  const DRIFTS = [...CHANNEL_DRIFTS, ...TRUST_DRIFTS, ...RELATED_DRIFTS];
  for (const drift of DRIFTS) test(`is reported and repaired when ${drift.name}`, () => assertRepaired(drift));

  test('is reported and repaired when a key is replaced', async () => assertRepaired(await replacedKeyDrift(org)));

  /** Each plan must contain only one change, which shows that the drift before it was repaired. */
  async function assertRepaired({ apply, expectedChange, effect }: Drift): Promise<void> {
    const healthy = org.files();
    apply(org);
    const planned = await fleet.plan();
    const repaired = await fleet.deployAccepted();
    assert.deepEqual([planned.exit, repaired.exit], [2, 0]);
    const [change, ...others] = planned.org('dev').changes;
    assert.deepEqual(
      [change?.component, change?.path, change?.action],
      [expectedChange.component, expectedChange.path, 'update'],
    );
    assert.deepEqual([change?.impact, others], [expectedChange.impact, []]);
    for (const side of ['from', 'to'] as const) assertText(change?.[side], expectedChange[side]);
    assert.match(change?.effect ?? '', effect);
    assert.match(planned.shown.replace(/\s+/g, ' '), effect);
    assert.deepEqual(settingsOf(org.files()), settingsOf(healthy));
  }

  test('is reported and repaired without a metadata deploy when a channel is deactivated', async () => {
    const values = ['--values', 'IsActive=false', '--target-org', 'dev', '--json'];
    const argv = ['--sobject', 'MessagingChannel', '--where', "DeveloperName='Web_Chat'", ...values];
    assert.equal((await workspace.workers.run('limited', 'data:update:record', argv, 20_000)).error, undefined);
    const start = org.log.length;
    const { exit, org: planned } = await fleet.deployAccepted();
    const [change, ...others] = planned('dev').changes;
    assert.deepEqual([exit, others.length, planned('dev').deployIds], [0, 0, []]);
    assert.deepEqual(
      [change?.component, change?.path, change?.impact],
      ['MessagingChannel:Web_Chat', 'isActive', 'disruptive'],
    );
    assert.match(
      change?.effect ?? '',
      /Activates Web_Chat, which is inactive in the org\. Nobody can start a chat on it, because its only active keys are sample keys/,
    );
    assert.deepEqual(
      writeEvents(org, start).map(({ kind, detail }) => [kind, detail['name'], detail['IsActive']]),
      [
        ['update', 'Web_Chat', true],
        ['publish', 'Web_Chat', undefined],
      ],
    );
  });

  test('is shown as drift in the row of its setting by status', async () => {
    CHANNEL_DRIFTS[4]?.apply(org);
    const { exit, document, shown } = await fleet.status();
    const rows = 'matrix' in document ? document.matrix.rows : [];
    const drifted = rows.filter(({ cells }) => cells[0]?.drift && cells[0].live === '240');
    assert.deepEqual([exit, drifted.map(({ component }) => component)], [2, ['MessagingChannel:Web_Chat']]);
    assert.match(shown, /! 240 -> 60/);
    assert.equal((await fleet.deployAccepted()).exit, 0);
  });

  test('leaves an empty plan after the repair', async () => {
    const { exit, org: planned } = await fleet.plan();
    assert.deepEqual([exit, planned('dev').status, planned('dev').changes], [0, 'unchanged', []]);
  });
});

function assertText(text: string | null | undefined, expected: string | RegExp | null): void {
  if (expected instanceof RegExp) assert.match(text ?? '', expected);
  else assert.equal(text, expected);
}

/** Content of the files without indentation and element order. */
const settingsOf = (files: ReadonlyMap<string, string>): readonly string[] =>
  [...files].map(
    ([path, text]) =>
      `${path}\n${text
        .split('\n')
        .map((line) => line.trim())
        .filter(Boolean)
        .sort()
        .join('\n')}`,
  );

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { buildMatrix, type Cell, type Column, type Matrix } from '../../../../lib/report/org-matrix';
import { EMPTY_ORG_SETTINGS, mapOf, type OrgConfig, type LiveState } from '../../../../lib/model';
import { planOrg } from '../../../../lib/org/plan';
import { CHANNEL_CASES } from '../../plan/channel-cases';
import { applyEdits, LIVE, liveState } from '../../plan/live-org';
import { RELATED_CASES } from '../../plan/related-cases';
import { publicJwk, NOW } from '../../jwk/test-keys';

type Contents = Parameters<typeof liveState>[0];

const org: OrgConfig = {
  alias: 'dev',
  file: 'config/orgs/dev.json',
  orgId: '00D000000000001EAA',
  kind: 'sandbox',
  wave: 1,
  ...EMPTY_ORG_SETTINGS,
  channels: ['Web'],
};

/** The column of an org with these live and declared contents. */
function column(alias: string, held: Contents, stated: Contents = {}, active = true): Column {
  const live: LiveState = liveState(held, active);
  const desired = mapOf([...liveState(stated, active).components.values()]);
  const plan = planOrg({ org: { ...org, alias }, components: desired, compromised: [] }, { ...live, missing: [] });
  return { alias, kind: 'sandbox', reading: { live, plan, desired } };
}

const cell = (matrix: Matrix, component: string, setting: string, index = 0): Cell => {
  const row = matrix.rows.find((each) => each.component === component && each.setting === setting);
  return row?.cells[index] ?? assert.fail(`${component} has no row ${setting}`);
};
const drifting = ({ rows }: Matrix): readonly string[] =>
  rows.flatMap(({ component, setting, cells }) =>
    cells.some(({ drift }) => drift) ? [`${component} ${setting}`] : [],
  );

test('shows no drift for an org in sync, and names its settings as Setup does', () => {
  const matrix = buildMatrix([column('dev', {})], NOW);
  assert.deepEqual(drifting(matrix), []);
  const web = matrix.rows.filter(({ component }) => component === 'MessagingChannel:Web');
  assert.deepEqual(
    web.map(({ setting, cells }) => [setting, cells[0]?.live]),
    [
      ['', 'in sync'],
      ['Active', 'yes'],
      ['User verification', 'on'],
      ['Configuration Customer', 'Keys'],
      ['Verified token, min', '120'],
      ['Unverified token, min', '360'],
      ['Routing', 'Chat'],
    ],
  );
});

for (const { description, component, declared, live } of [...CHANNEL_CASES, ...RELATED_CASES]) {
  test(`shows drift for ${description}`, () => {
    const usual = LIVE[component] ?? assert.fail(component);
    const held = live === 'missing' ? undefined : applyEdits(usual, live ?? []);
    const matrix = buildMatrix(
      [column('dev', { [component]: held }, { [component]: applyEdits(usual, declared) })],
      NOW,
    );
    const drift = drifting(matrix);
    const expected = live === 'missing' && component.startsWith('MessagingChannel') ? 2 : 1;
    assert.ok(drift.length >= expected && drift.every((row) => row.startsWith(`${component} `)), drift.join());
  });
}

test('shows the live and the desired value of drift in the cell of its org', () => {
  const web = applyEdits(LIVE['MessagingChannel:Web'] ?? '', [['>120<', '>240<']]);
  const matrix = buildMatrix([column('dev', {}), column('uat', { 'MessagingChannel:Web': web })], NOW);
  assert.deepEqual(drifting(matrix), ['MessagingChannel:Web ', 'MessagingChannel:Web Verified token, min']);
  const [dev, uat] = [0, 1].map((index) => cell(matrix, 'MessagingChannel:Web', 'Verified token, min', index));
  assert.deepEqual(dev, { live: '120', desired: '120', drift: false });
  assert.deepEqual(uat, { live: '240', desired: '120', drift: true });
});

test('counts differences without a row in the row of their component', () => {
  const web = applyEdits(LIVE['MessagingChannel:Web'] ?? '', [
    ['For customers', 'x'],
    ['>Web<', '>y<'],
    ['>120<', '>240<'],
  ]);
  const matrix = buildMatrix([column('dev', { 'MessagingChannel:Web': web })], NOW);
  assert.equal(cell(matrix, 'MessagingChannel:Web', '').live, '2 more differ');
  const one = applyEdits(LIVE['MessagingChannel:Web'] ?? '', [['For customers', 'x']]);
  assert.equal(
    cell(buildMatrix([column('dev', { 'MessagingChannel:Web': one })], NOW), 'MessagingChannel:Web', '').live,
    '1 more differs',
  );
});

test('shows a component that the org lacks as missing, and an inactive channel as inactive', () => {
  const matrix = buildMatrix([column('dev', { 'Queue:Chat': undefined }, {}, false)], NOW);
  assert.deepEqual(cell(matrix, 'Queue:Chat', ''), { live: 'missing', desired: 'in sync', drift: true });
  assert.deepEqual(cell(matrix, 'MessagingChannel:Web', 'Active'), { live: 'no', desired: 'yes', drift: true });
});

test('shows an unreachable org as a column without values', () => {
  const matrix = buildMatrix([column('dev', {}), { alias: 'prod', kind: 'production' }], NOW);
  assert.deepEqual(
    matrix.columns.map(({ reached }) => reached),
    [true, false],
  );
  for (const { cells } of matrix.rows) assert.deepEqual(cells[1], { live: null, desired: null, drift: false });
});

test('sorts channels before keysets and keys, with adjacent rows for each component', () => {
  const { rows } = buildMatrix([column('dev', {}), column('uat', {})], NOW);
  const components = rows.map(({ component }) => component).filter((each, index, all) => all[index - 1] !== each);
  assert.deepEqual(components, [
    'MessagingChannel:Web',
    'PublicKeyCertificateSet:Fetched',
    'PublicKeyCertificateSet:Keys',
    'PublicKeyCertificate:Key_A',
    'PublicKeyCertificate:Key_B',
    'EmbeddedServiceConfig:Site',
    'Queue:Chat',
    'QueueRoutingConfig:Route',
    'CorsWhitelistOrigin:Shop',
    'CspTrustedSite:Shop',
    'PermissionSet:Admin',
  ]);
});

let jwk: Awaited<ReturnType<typeof publicJwk>>;
before(async () => {
  jwk = await publicJwk();
});

test('shows a key by kid, thumbprint and remaining whole days of its certificate, never by modulus', () => {
  const content = `<isActive>true</isActive><jsonWebKey>${JSON.stringify(jwk)}</jsonWebKey>`;
  const matrix = buildMatrix(
    [column('dev', { 'PublicKeyCertificate:Key_A': content }, { 'PublicKeyCertificate:Key_A': content })],
    NOW,
  );
  const value = (setting: string): string | null => cell(matrix, 'PublicKeyCertificate:Key_A', setting).live;
  assert.deepEqual(['Active', 'kid', 'Certificate, days left'].map(value), ['yes', 'key-1', '365']);
  assert.match(value('Thumbprint') ?? '', /^[\w-]{12}$/);
  assert.ok(!JSON.stringify(matrix).includes(String(jwk['n']).slice(0, 20)));
});

test('shows a configuration that only the org has in a separate row', () => {
  const more =
    '<messagingAuthorizations><authIdentifier>Old</authIdentifier><enabled>false</enabled></messagingAuthorizations></embeddedConfig>';
  const web = applyEdits(LIVE['MessagingChannel:Web'] ?? '', [['</embeddedConfig>', more]]);
  const matrix = buildMatrix([column('dev', {}), column('uat', { 'MessagingChannel:Web': web })], NOW);
  assert.deepEqual(cell(matrix, 'MessagingChannel:Web', 'Configuration Old', 0), {
    live: null,
    desired: null,
    drift: false,
  });
  assert.equal(cell(matrix, 'MessagingChannel:Web', 'Configuration Old', 1).live, '- (disabled)');
});

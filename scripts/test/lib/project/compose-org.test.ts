import assert from 'node:assert/strict';
import { test } from 'node:test';
import { composeOrg } from '../../../lib/project';
import { leaf, mapOf, parent, textAt, type OrgConfig, type Override } from '../../../lib/model';
import { chatDeployment, orgConfig, SOURCE } from './two-channels';

const composedKeys = (rest: Partial<OrgConfig>): readonly string[] => [
  ...composeOrg(SOURCE, orgConfig(rest), []).desired.components.keys(),
];

const WEB = [
  'QueueRoutingConfig:Route',
  'Queue:Chat',
  'PublicKeyCertificate:Key',
  'PublicKeyCertificateSet:Keys',
  'MessagingChannel:Web',
  'EmbeddedServiceConfig:Web_Site',
];

test('an org gets its channels, their references, and their chat deployments, in dependency order', () => {
  assert.deepEqual(composedKeys({}), WEB);
});

test('sorts components of one type by name, regardless of the order of channels and files', () => {
  const both = composedKeys({ channels: ['Web', 'Shop'] });
  assert.deepEqual(both, composedKeys({ channels: ['Shop', 'Web'] }));
  const turned = composeOrg(mapOf([...SOURCE.values()].reverse()), orgConfig({ channels: ['Web', 'Shop'] }), []);
  assert.deepEqual([...turned.desired.components.keys()], both);
  assert.deepEqual(both.slice(0, 4), [
    'QueueRoutingConfig:Route',
    'QueueRoutingConfig:Shop_Route',
    'Queue:Chat',
    'Queue:Shop_Chat',
  ]);
});

test('adds a component that no channel references only if it is included, with its references', () => {
  assert.deepEqual(composedKeys({ include: ['CorsWhitelistOrigin:Site'] }), [...WEB, 'CorsWhitelistOrigin:Site']);
  const shop = composedKeys({ include: ['Queue:Shop_Chat'] });
  assert.deepEqual(
    shop.filter((key) => !WEB.includes(key)),
    ['QueueRoutingConfig:Shop_Route', 'Queue:Shop_Chat'],
  );
});

test('omits a reference that is not in source, without a finding', () => {
  const without = mapOf([...SOURCE.values()].filter(({ fullName }) => fullName !== 'Chat'));
  const { desired, findings } = composeOrg(without, orgConfig({}), []);
  assert.deepEqual([...desired.components.keys()], WEB.slice(2));
  assert.deepEqual(findings, []);
});

test('resolves circular references', () => {
  const site = chatDeployment('Web_Site', 'Web');
  const { desired } = composeOrg(
    mapOf([site, ...SOURCE.values()]),
    orgConfig({ include: ['EmbeddedServiceConfig:Web_Site'] }),
    [],
  );
  assert.deepEqual([...desired.components.keys()], WEB);
});

const withOverride = (root: Override['root'], removed: readonly string[] = []): Partial<OrgConfig> => ({
  overrides: new Map([[`${root.name}:Web` as 'MessagingChannel:Web', { root, removed }]]),
});

test('follows the references of an override', () => {
  const root = parent('MessagingChannel', [leaf('sessionHandlerQueue', 'Shop_Chat')]);
  const keys = composedKeys(withOverride(root));
  assert.ok(keys.includes('Queue:Shop_Chat') && keys.includes('QueueRoutingConfig:Shop_Route'));
  assert.ok(!keys.includes('Queue:Chat') && !keys.includes('QueueRoutingConfig:Route'));
});

test('an override replaces lists, removes null elements, and changes nothing else', () => {
  const item = parent('messagingAuthorizations', [leaf('authIdentifier', 'Client')]);
  const root = parent('MessagingChannel', [parent('embeddedConfig', [item])]);
  const { desired } = composeOrg(SOURCE, orgConfig(withOverride(root, ['description'])), []);
  const web = desired.components.get('MessagingChannel:Web')?.root ?? assert.fail();
  assert.equal(textAt(web, 'embeddedConfig.messagingAuthorizations.authIdentifier'), 'Client');
  assert.equal(textAt(web, 'embeddedConfig.messagingAuthorizations.publicKeyCertificateSetName'), undefined);
  assert.equal(textAt(web, 'description'), undefined);
  assert.equal(textAt(web, 'sessionHandlerQueue'), 'Chat');
  const before = SOURCE.get('MessagingChannel:Web')?.root ?? assert.fail();
  assert.equal(textAt(before, 'description'), 'x');
});

test('a component without an override is the same object as in source', () => {
  const { desired } = composeOrg(SOURCE, orgConfig({}), []);
  assert.equal(desired.components.get('Queue:Chat'), SOURCE.get('Queue:Chat'));
});

const origins = new Map(
  Object.entries({
    'channels.1': 7,
    'include.0': 8,
    'inactive.0': 11,
    'endpointKeys.Keyz': 12,
    'overrides.MessagingChannel.Shop': 9,
    'overrides.Queue.Chatt': 10,
  }).map(([path, line]) => [path, { file: 'config/orgs/dev.json', line }]),
);
const EMPTY_OVERRIDE: Override = { root: parent('Queue', []), removed: [] };
const UNUSED_ENTRIES: readonly (readonly [
  claim: string,
  rest: Partial<OrgConfig>,
  rule: string,
  line: number,
  fix: RegExp,
])[] = [
  [
    'a channel that is not in source',
    { channels: ['Web', 'Shopp'] },
    'unknown-component',
    7,
    /Did you mean MessagingChannel:Shop\?/,
  ],
  [
    'an inactive channel that is not in source',
    { inactive: ['Wep'] },
    'unknown-component',
    11,
    /MessagingChannel:Web\?/,
  ],
  [
    'an included component that is not in source',
    { include: ['PermissionSet:Admn'] },
    'unknown-component',
    8,
    /PermissionSet:Admin\?/,
  ],
  [
    'keys of a keyset that is not in source',
    { endpointKeys: { Keyz: [] } },
    'unknown-component',
    12,
    /PublicKeyCertificateSet:\w+\?|Add it to source/,
  ],
  [
    'a name without a close match',
    { include: ['Queue:Completely_Different'] },
    'unknown-component',
    8,
    /^Add it to source/,
  ],
  [
    'an override of a component that the org does not get',
    { overrides: new Map([['MessagingChannel:Shop', EMPTY_OVERRIDE]]) },
    'unused-override',
    9,
    /remove it from the org file/,
  ],
  [
    'an override with a misspelled name',
    { overrides: new Map([['Queue:Chatt', EMPTY_OVERRIDE]]) },
    'unused-override',
    10,
    /Did you mean Queue:Chat\?/,
  ],
];

for (const [claim, rest, rule, line, fix] of UNUSED_ENTRIES) {
  test(`reports ${claim} as an error at its line of the org file`, () => {
    const { findings } = composeOrg(SOURCE, orgConfig({ ...rest, origins }), []);
    const [finding, ...others] = findings;
    assert.deepEqual(others, []);
    const place = [finding?.rule, finding?.severity, finding?.file, finding?.line];
    assert.deepEqual(place, [rule, 'error', 'config/orgs/dev.json', line]);
    assert.match(finding?.fix ?? '', fix);
  });
}

test('omits an existing component and the components that only it references', () => {
  const existing = composedKeys({ existing: ['Queue:Chat'] });
  assert.deepEqual(existing, WEB.slice(2));
});

test('reports a retired component that the org receives, and no other', () => {
  const { findings } = composeOrg(SOURCE, orgConfig({ retired: ['MessagingChannel:Old', 'MessagingChannel:Web'] }), []);
  assert.deepEqual(
    findings.map(({ rule, severity, component, path }) => [rule, severity, component, path]),
    [['retired-in-use', 'error', 'MessagingChannel:Web', 'retired.1']],
  );
});

test('composes an allowed origin and a Trusted URL for each site of the org file, with overrides', () => {
  const compose = (rest: Partial<OrgConfig>) => composeOrg(SOURCE, orgConfig(rest), []);
  const override: Override = { root: parent('CspTrustedSite', [leaf('context', 'All')]), removed: [] };
  const { desired, findings } = compose({
    sites: ['https://shop.example.com', 'https://shop.example.com:8443', 'https://*.example.com'],
    overrides: new Map([['CspTrustedSite:Site_shop_example_com', override]]),
  });
  assert.deepEqual(findings, []);
  const added = [...desired.components.values()].filter(({ type }) => /^(Cors|Csp)/.test(type));
  assert.deepEqual(
    added.map(({ type, root }) => `${type} ${textAt(root, 'urlPattern') ?? textAt(root, 'endpointUrl')}`).sort(),
    ['CorsWhitelistOrigin', 'CspTrustedSite'].flatMap((type) => [
      ...[`${type} https://*.example.com`, `${type} https://shop.example.com`, `${type} https://shop.example.com:8443`],
    ]),
  );
  const trusted = desired.components.get('CspTrustedSite:Site_shop_example_com');
  assert.deepEqual(trusted && [textAt(trusted.root, 'context'), textAt(trusted.root, 'isActive')], ['All', 'true']);
});

test('gives sites different names in every case that Salesforce ignores', () => {
  const hosts = ['shop-eu.example.com', 'shop.eu.example.com', 'shopeu.example.com', `${'a'.repeat(60)}.example.com`];
  for (const length of [50, 51, 52, 53, 54, 55, 56, 57])
    hosts.push(`${'a'.repeat(length)}.example.com`, `${'a'.repeat(length)}--a.com`);
  const sites = hosts.map((host) => `https://${host}`);
  const names = composedKeys({ sites }).filter((key) => key.startsWith('Csp'));
  assert.equal(new Set(names.map((name) => name.toLowerCase())).size, sites.length);
  for (const name of names) assert.match(name, /^CspTrustedSite:[A-Za-z](_?[A-Za-z0-9])*$/);
  for (const name of names) assert.ok(name.length - 'CspTrustedSite:'.length <= 80, name);
});

test('declares an origin once if source has it and the org file includes it', () => {
  const site = 'https://shop.example.com';
  const root = parent('CorsWhitelistOrigin', [leaf('urlPattern', site)]);
  const source = mapOf([...SOURCE.values(), { type: 'CorsWhitelistOrigin', fullName: 'Own', root }]);
  const origins = (include: OrgConfig['include']) =>
    [...composeOrg(source, orgConfig({ sites: [site], include }), []).desired.components.keys()].filter((key) =>
      key.startsWith('Cors'),
    );
  assert.deepEqual(origins(['CorsWhitelistOrigin:Own']), ['CorsWhitelistOrigin:Own']);
  assert.deepEqual(origins([]), ['CorsWhitelistOrigin:Site_shop_example_com']);
});

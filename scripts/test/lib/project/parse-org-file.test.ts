import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseOrgFile } from '../../../lib/project';
import type { Finding } from '../../../lib/model';
import { orgText } from './org-text';

const FILE = 'config/orgs/dev.json';
const findingsOf = (text: string): readonly Finding[] => parseOrgFile(FILE, text).findings;

test('reads a valid org file, with defaults for omitted fields', () => {
  const { org, findings } = parseOrgFile(FILE, '{"orgId": "00D4fP53twgxYnvEBE", "channels": ["Web_Chat"]}');
  assert.deepEqual(findings, []);
  const { overrides, origins, ...rest } = org ?? assert.fail();
  const defaults = {
    kind: 'production',
    wave: 1,
    inactive: [],
    sites: [],
    include: [],
    existing: [],
    alsoTrusted: [],
    accept: [],
    retired: [],
  };
  assert.deepEqual(rest, {
    alias: 'dev',
    file: FILE,
    orgId: '00D4fP53twgxYnvEBE',
    channels: ['Web_Chat'],
    ...defaults,
  });
  assert.equal(overrides.size, 0);
  assert.deepEqual(origins.get('channels.0'), { file: FILE, line: 1 });
});

test('rejects a file name that is no alias, and accepts every alias that the CLI can have', () => {
  for (const alias of ['-x', '.x', '_x', 'a b', 'a$(x)', 'é', '']) {
    const { org, findings } = parseOrgFile(`config/orgs/${alias}.json`, orgText());
    const [finding, ...others] = findings;
    assert.deepEqual(
      [org, others, finding?.rule, finding?.severity, finding?.line],
      [undefined, [], 'bad-alias', 'error', 0],
    );
    assert.match(finding?.message ?? '', /isn't a valid alias/);
  }
  for (const alias of ['a', '1', 'a.b', 'me@example.com', 'a_b-c'])
    assert.equal(parseOrgFile(`config/orgs/${alias}.json`, orgText()).org?.alias, alias);
});

test('reports invalid JSON once, with its line', () => {
  const [finding, ...others] = findingsOf('{\n"orgId": }');
  assert.deepEqual([others, finding?.rule, finding?.path, finding?.line], [[], 'ill-formed-json', '', 2]);
  assert.match(finding?.message ?? '', /^The file isn't valid JSON: \w+/);
});

/** Invalid members, with the path and the expected message. The members are on lines 2 (orgId) to 5 (channels) and 6. */
const INVALID_FIELDS: readonly (readonly [members: object, path: string, line: number, said: RegExp])[] = [
  [{ orgId: undefined }, 'orgId', 1, /^orgId is invalid: it is missing\.$/],
  [{ orgId: 7 }, 'orgId', 2, /^orgId is invalid: it must be a text in quotes\.$/],
  [{ orgId: '' }, 'orgId', 2, /must be an 18-character org ID \(00D\.\.\.\)/],
  [{ orgId: '00D4fP53twgxYnv' }, 'orgId', 2, /must be the 18-character org ID "00D4fP53twgxYnvEBE"/],
  [{ orgId: '00D4fP53twgxYnvEBA' }, 'orgId', 2, /an 18-character org ID/],
  [{ orgId: '00D4fP53twgxYnvebe' }, 'orgId', 2, /an 18-character org ID/],
  [{ orgId: '0054fP53twgxYnvEBE' }, 'orgId', 2, /\(00D\.\.\.\) with a valid checksum/],
  [{ orgId: '00D4fP53twgxYnvEBE\n' }, 'orgId', 2, /an 18-character org ID/],
  [{ kind: 'staging' }, 'kind', 3, /^kind is invalid: it must be one of: production, sandbox, scratch, developer\.$/],
  [{ kind: null }, 'kind', 3, /kind is invalid/],
  [{ wave: 0 }, 'wave', 4, /^wave is invalid: it must be at least 1\.$/],
  [{ wave: 1.5 }, 'wave', 4, /must be a whole number/],
  [{ wave: '1' }, 'wave', 4, /must be a number/],
  [{ channels: undefined }, 'channels', 1, /channels is invalid/],
  [{ channels: [] }, 'channels', 5, /^channels is invalid: it must not be empty\.$/],
  [{ channels: 'Web_Chat' }, 'channels', 5, /must be a list/],
  [{ channels: ['Web Chat'] }, 'channels.0', 5, /developer name of a channel/],
  [{ channels: ['A', ''] }, 'channels.1', 5, /developer name of a channel/],
  [{ include: 'x' }, 'include', 6, /must be a list/],
  [{ include: ['Customer_Site'] }, 'include.0', 6, /Type:Name/],
  [{ include: ['Flow:Route'] }, 'include.0', 6, /has a type that this project doesn't deploy/],
  [{ inactive: 'Web_Chat' }, 'inactive', 6, /must be a list/],
  [{ existing: ['Queue:'] }, 'existing.0', 6, /Type:Name/],
  [{ existing: {} }, 'existing', 6, /must be a list/],
  [{ scrt2URL: 'http://example.my.salesforce-scrt.com' }, 'scrt2URL', 6, /an HTTPS URL without a path/],
  [{ scrt2URL: 'https://example.my.salesforce-scrt.com/' }, 'scrt2URL', 6, /an HTTPS URL without a path/],
  [{ scrt2URL: 'https://user:secret@example.com' }, 'scrt2URL', 6, /an HTTPS URL without a path/],
  [{ scrt2URL: 'ftp://127.0.0.1' }, 'scrt2URL', 6, /an HTTPS URL without a path/],
  [{ scrt2URL: '' }, 'scrt2URL', 6, /an HTTPS URL without a path/],
  [{ sites: 'https://shop.example.com' }, 'sites', 6, /must be a list/],
  ...[
    'http://shop.example.com',
    'https://shop.example.com/',
    'https://shop',
    'https://*',
    'https://u@shop.example.com',
    'https://shop.example.com:65536',
    'https://-.-',
    'https://shop-.example.com',
    `https://${'a'.repeat(64)}.example.com`,
    `https://${'abcdefgh.'.repeat(28)}example.com`,
    'https://shop..example.com',
    'https://shop.example.com.',
    'https://a*b.example.com',
    'https://[::1]',
    '*.example.com',
    '',
  ].map((site) => [{ sites: [site] }, 'sites.0', 6, /an HTTPS origin without a path/] as const),
  ...[
    ['https://Shop.Example.com', 'https://shop.example.com'],
    ['HTTPS://shop.example.com', 'https://shop.example.com'],
    ['https://shop.example.com:443', 'https://shop.example.com'],
    ['https://shop.example.com:08443', 'https://shop.example.com:8443'],
    ['https://shop.example.com/', 'https://shop.example.com'],
    ['https://shop.example.com/a?b#c', 'https://shop.example.com'],
    ['https://user@shop.example.com', 'https://shop.example.com'],
    [' https://shop.example.com', 'https://shop.example.com'],
    ['https://bücher.example.com', 'https://xn--bcher-kva.example.com'],
    ['https://*.BÜCHER.de', 'https://*.xn--bcher-kva.de'],
    ['https://1.2', 'https://1.0.0.2'],
  ].map(
    ([site, origin]) =>
      [{ sites: [site] }, 'sites.0', 6, new RegExp(`Use "${origin?.replace(/[.*]/g, '\\$&')}"`)] as const,
  ),
  [{ sites: ['https://a.example.com', 'https://a.example.com'] }, 'sites.1', 6, /the origin of an earlier site/],
  [{ overrides: [] }, 'overrides', 6, /record|object/],
  [{ overrides: { Queue: { Chat: 1 } } }, 'overrides.Queue.Chat', 6, /record|object/],
  [{ $schema: 1 }, '$schema', 6, /must be a text in quotes/],
];

test('accepts every origin of a page that browsers send', () => {
  const hosts = ['shop.example.com', 'shop.example.com:65535', '*.example.com', 'xn--bcher-kva.de', '10.0.0.1:8443'];
  const sites = hosts.map((host) => `https://${host}`);
  assert.deepEqual(parseOrgFile(FILE, orgText({ sites })).org?.sites, sites);
});

test('reports an origin that is listed twice in another spelling', () => {
  const findings = findingsOf(orgText({ sites: ['https://a.example.com', 'https://A.example.com:443'] }));
  const said = findings.filter(({ path }) => path === 'sites.1').map(({ message }) => message);
  assert.match(said.join(' '), /Use "https:\/\/a\.example\.com".*the origin of an earlier site/);
});

for (const [members, path, line, said] of INVALID_FIELDS) {
  test(`reports ${JSON.stringify(members)} at ${path}, line ${line}`, () => {
    const findings = findingsOf(orgText({ ...members }));
    const [finding] = findings;
    assert.ok(findings.every((each) => each.path === path));
    assert.deepEqual([finding?.rule, finding?.line, finding?.file], ['bad-org-file', line, FILE]);
    assert.match(finding?.message ?? '', said);
    assert.match(finding?.fix ?? '', /\.$/);
  });
}

const UNKNOWN_FIELDS: readonly (readonly [name: string, fix: RegExp])[] = [
  ['chanels', /Did you mean "channels"\?/],
  ['orgid', /Did you mean "orgId"\?/],
  ['override', /Did you mean "overrides"\?/],
  ['colour', /config\/README\.md/],
  ['constructor', /config\/README\.md/],
];

for (const [name, fix] of UNKNOWN_FIELDS) {
  test(`reports the unknown field ${name} at its line, with the fix`, () => {
    const [finding, ...others] = findingsOf(orgText({ [name]: 1 }));
    assert.deepEqual(others, []);
    assert.deepEqual([finding?.rule, finding?.path, finding?.line], ['unknown-field', name, 6]);
    assert.match(finding?.fix ?? '', fix);
  });
}

test('reports all problems of a file together', () => {
  const findings = findingsOf(orgText({ orgId: '1', kind: 'x', wave: -1, channels: [], colour: 1 }));
  assert.deepEqual(findings.map(({ path }) => path).sort(), ['channels', 'colour', 'kind', 'orgId', 'wave']);
});

test('reports a finding and no org for a file that is not a JSON object', () => {
  for (const text of [
    '',
    ' \n',
    '{',
    'null',
    '[]',
    '"dev"',
    '{"orgId": "a", "orgId": "b"}',
    '\u0000',
    '['.repeat(100_000),
  ]) {
    const { org, findings } = parseOrgFile(FILE, text);
    assert.equal(org, undefined);
    assert.ok(findings.length > 0 && findings.every(({ line, fix }) => line >= 1 && fix !== ''), text.slice(0, 20));
  }
});

test('never throws for any values in an org file, and returns an org only without findings', () => {
  const name = fc.constantFrom('overrides', 'channels', 'include', 'existing', 'wave', 'kind', '__proto__', 'toString');
  fc.assert(
    fc.property(fc.dictionary(name, fc.jsonValue({ maxDepth: 5 })), (members) => {
      const { org, findings } = parseOrgFile(FILE, orgText({ ...members }));
      assert.notEqual(org === undefined, findings.length === 0);
    }),
  );
});

for (const scrt2URL of ['https://example.my.salesforce-scrt.com', 'http://127.0.0.1:8701']) {
  test(`accepts the SCRT2 URL ${scrt2URL}`, () => {
    assert.equal(parseOrgFile(FILE, orgText({ scrt2URL })).org?.scrt2URL, scrt2URL);
  });
}

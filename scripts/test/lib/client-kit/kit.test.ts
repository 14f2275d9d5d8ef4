import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Script } from 'node:vm';
import fc from 'fast-check';
import type { ChannelConnection } from '../../../lib/client-kit/channel-connection';
import { originMatches } from '../../../lib/client-kit/allowlist';
import { PLACEHOLDERS } from '../../../lib/client-kit/placeholders';
import { CLIENTS, buildKit } from '../../../lib/client-kit/kit';
import { channelKitText } from '../../../lib/client-kit/kit-text';
import { webSnippet } from '../../../lib/client-kit/web-snippet';

const SITE = 'https://shop.my.site.com/ESWWebChat1700000000000';
const CHAT_API_URL = 'https://shop.my.salesforce-scrt.com';

const COMPLETE: ChannelConnection = {
  org: 'uat',
  orgId: '00DmHvh0OBfHYM7',
  channel: 'Web_Chat',
  verified: true,
  deployments: [
    { name: 'Web_Chat_Api', type: 'API' },
    { name: 'Web_Chat_Site', type: 'Web', site: SITE },
    { name: 'Shop_App', type: 'Mobile' },
  ],
  runtime: CHAT_API_URL,
  allowed: [{ origin: 'https://*.example.com', component: 'CorsWhitelistOrigin:Customer_Site' }],
};

const { runtime: _, ...WITHOUT_RUNTIME } = COMPLETE;
const INCOMPLETE: ChannelConnection = { ...WITHOUT_RUNTIME, deployments: [], allowed: [] };
const UNVERIFIED: ChannelConnection = { ...COMPLETE, channel: 'Guest_Web_Chat', verified: false };

const LAYOUT = { columns: 80, color: false };
const PAGES = ['https://uat.example.com', 'https://other.example.net'];
const buildKits = (connection: ChannelConnection) => CLIENTS.map((client) => buildKit(client, connection, PAGES));

for (const [name, connection] of Object.entries({
  complete: COMPLETE,
  incomplete: INCOMPLETE,
  unverified: UNVERIFIED,
})) {
  test(`the kits of a channel match the golden file: ${name} (UPDATE_GOLDEN=1 rewrites it)`, () => {
    const folder = join(__dirname, 'golden');
    const text = `${channelKitText(LAYOUT, connection, buildKits(connection), 'whole')}\n`;
    mkdirSync(folder, { recursive: true });
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(join(folder, `${name}.txt`), text);
    assert.equal(text, readFileSync(join(folder, `${name}.txt`), 'utf8'));
  });
}

const fileOf = (connection: ChannelConnection, path: string): string =>
  buildKits(connection)
    .flatMap(({ files }) => files)
    .find((file) => file.path === path)?.text ?? assert.fail(path);

test('a known value leaves no placeholder, and each placeholder is explained', () => {
  assert.deepEqual(
    buildKits(COMPLETE).flatMap(({ gaps }) => gaps),
    [],
  );
  for (const { files, entries, gaps } of buildKits(INCOMPLETE)) {
    const text = JSON.stringify([files, entries]);
    const marks = Object.values(PLACEHOLDERS).filter((mark) => text.includes(mark));
    assert.ok(marks.length > 0);
    assert.deepEqual(gaps.map(({ mark }) => mark).sort(), marks.sort());
  }
});

test('a website uses the chat deployment of type Web, an app the one of type Mobile or else API', () => {
  assert.match(fileOf(COMPLETE, 'web/snippet.html'), /'Web_Chat_Site'/);
  for (const path of ['ios/configFile.json', 'android/configFile.json']) {
    const expected = { OrganizationId: COMPLETE.orgId, DeveloperName: 'Shop_App', Url: CHAT_API_URL };
    assert.deepEqual(JSON.parse(fileOf(COMPLETE, path)), expected);
    const api = { ...COMPLETE, deployments: COMPLETE.deployments.slice(0, 1) };
    assert.equal((JSON.parse(fileOf(api, path)) as { DeveloperName: string }).DeveloperName, 'Web_Chat_Api');
  }
});

test('clients of an unverified channel contain no token code', () => {
  for (const { files } of buildKits(UNVERIFIED))
    for (const { text } of files) assert.doesNotMatch(text, /customerIdentity|CustomerIdentity|token/i);
});

test('each client handles each challenge reason of its platform', () => {
  const [swift, kotlin] = [
    fileOf(COMPLETE, 'ios/CustomerIdentity.swift'),
    fileOf(COMPLETE, 'android/CustomerIdentity.kt'),
  ];
  for (const reason of ['.initial', '.refresh', '.expired', '.malformed']) assert.ok(swift.includes(reason), reason);
  for (const reason of ['INITIAL', 'RENEW', 'EXPIRED', 'MALFORMED'])
    assert.ok(kotlin.includes(`ChallengeReason.${reason}`));
});

/** Brackets outside of comments and strings. */
function brackets(text: string): string {
  const code = text
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\/\/.*$/gm, '')
    .replace(/"(\\.|[^"\\])*"/g, '');
  return code.replace(/[^()[\]{}]/g, '');
}

function isBalanced(sequence: string): boolean {
  const shorter = sequence.replace(/\(\)|\[\]|\{\}/g, '');
  return shorter === '' || (shorter !== sequence && isBalanced(shorter));
}

test('closes every bracket of the Swift and Kotlin code', () => {
  for (const path of ['ios/CustomerIdentity.swift', 'android/CustomerIdentity.kt']) {
    const found = brackets(fileOf(COMPLETE, path));
    assert.ok(found.length > 40 && isBalanced(found), path);
    assert.ok(!isBalanced(found.slice(1)));
  }
});

/** Runs the script of a snippet as the browser does after the chat script has loaded. Returns the arguments of init. */
function initArguments(snippet: string): readonly unknown[] {
  const [, script = ''] = /<script>\n([\s\S]*?)<\/script>/.exec(snippet) ?? [];
  const told: unknown[] = [];
  const bootstrap = { settings: {}, init: (...values: unknown[]) => void told.push(...values) };
  const world = { embeddedservice_bootstrap: bootstrap, document: { documentElement: { lang: '' } } };
  new Script(`${script}\ninitEmbeddedMessaging();`).runInNewContext(world);
  return JSON.parse(JSON.stringify(told)) as unknown[];
}

test('the snippet passes any values to init unchanged', () => {
  assert.deepEqual(initArguments(webSnippet(COMPLETE)), [
    COMPLETE.orgId,
    'Web_Chat_Site',
    SITE,
    { scrt2URL: CHAT_API_URL },
  ]);
  const nasty = fc.oneof(fc.constantFrom("'", '"', '\\', '</script>', '\n', '\u2028', "\\'", '<!--'), fc.string());
  fc.assert(
    fc.property(nasty, nasty, nasty, (name, site, runtime) => {
      const snippet = webSnippet({ ...COMPLETE, runtime, deployments: [{ name, type: 'Web', site }] });
      assert.deepEqual(initArguments(snippet), [COMPLETE.orgId, name, site, { scrt2URL: runtime }]);
      const address = /<script src="([^"]*)"/.exec(snippet.slice(snippet.lastIndexOf('<script')))?.[1] ?? '';
      assert.doesNotMatch(address, /[<>"]/);
    }),
  );
});

test('an origin matches itself and a pattern of its parent domain, but no similar origin', () => {
  const told = (pattern: string, ...origins: string[]) => origins.map((origin) => originMatches(pattern, origin));
  assert.deepEqual(told('https://a.example.com', 'https://a.example.com', 'http://a.example.com'), [true, false]);
  const near = [
    'https://a.example.com',
    'https://example.com',
    'https://aexample.com',
    'https://a.example.com.evil.net',
    'http://a.example.com',
  ];
  assert.deepEqual(told('https://*.example.com', ...near), [true, false, false, false, false]);
});

test('names a page without a matching entry as missing', () => {
  const [web] = buildKits(COMPLETE);
  const statuses = web?.entries
    .filter(({ place }) => place.includes('CORS'))
    .map(({ value, status }) => `${value} ${status}`);
  assert.equal(statuses?.length, 2);
  assert.match(statuses?.[1] ?? '', /^https:\/\/other\.example\.net missing/);
});

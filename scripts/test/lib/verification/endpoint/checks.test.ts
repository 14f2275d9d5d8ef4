import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  evaluateResponses,
  type EndpointCheck,
  type ExpectedDocument,
} from '../../../../lib/verification/endpoint/checks';
import { readJwks } from '../../../../lib/jwk';
import { providerShapes } from '../../jwk/provider-shapes';
import { keyPair, publicJwk } from '../../jwk/test-keys';

const now = new Date();
const ENDPOINT = new URL('https://id.example.com/jwks');

function checksFor(body: string, type = 'application/json'): readonly EndpointCheck[] {
  const headers = new Headers({ 'content-type': type });
  const response = { status: 200, headers, body: Buffer.from(body), truncated: false, durationMs: 1 };
  return evaluateResponses(ENDPOINT, response, response, { keys: [], cacheHours: 72, compromised: [], now });
}

const RSA = { kty: 'RSA', alg: 'RS256', e: 'AQAB', n: Buffer.alloc(256, 0xff).toString('base64url') };

const BODIES: Readonly<Record<string, string>> = {
  'a hundred thousand keys': JSON.stringify({ keys: Array.from({ length: 100_000 }, () => ({})) }),
  'a hundred thousand numbers': JSON.stringify({ keys: Array.from({ length: 100_000 }, () => 0) }),
  'an endless kid': JSON.stringify({ keys: [{ ...RSA, kid: 'k'.repeat(900_000) }] }),
  'a kid that looks like another check': JSON.stringify({ keys: [{ ...RSA, kid: 'k\n  ok    TLS: fine' }] }),
  'an endless modulus': JSON.stringify({ keys: [{ ...RSA, n: 'x'.repeat(900_000) }] }),
  'nested lists': `{"keys":${'['.repeat(400_000)}`,
  'invalid UTF-8': Buffer.alloc(1000, 0xff).toString('latin1'),
  HTML: '<html>'.repeat(10_000),
};

for (const [name, body] of Object.entries(BODIES))
  test(`${name} yields fewer than 30 checks with short lines`, () => {
    const checks = checksFor(body);
    assert.ok(checks.length < 30, `${checks.length} checks`);
    for (const { name, detail } of checks) {
      assert.ok(name.length + detail.length < 700);
      assert.doesNotMatch(name + detail, /\n/);
    }
  });

test('a document with 101 keys is rejected', () => {
  const keys = Array.from({ length: 101 }, (_, index) => ({ ...RSA, kid: `k${index}` }));
  const failed = checksFor(JSON.stringify({ keys })).filter(({ ok }) => !ok);
  assert.deepEqual(
    failed.map(({ detail }) => detail),
    ['The document has 101 keys; at most 100 are read.'],
  );
});

/** The check of one response, as [ok, detail]. */
function checkOf(name: string, change: object, expected: Partial<ExpectedDocument> = {}): readonly [boolean, string] {
  const response = {
    status: 200,
    headers: new Headers({ 'content-type': 'application/json' }),
    truncated: false,
    durationMs: 1,
    body: Buffer.from(JSON.stringify({ keys: [{ ...RSA, kid: 'a' }] })),
    ...change,
  };
  const checks = evaluateResponses(ENDPOINT, response, response, {
    keys: [],
    cacheHours: 72,
    compromised: [],
    now,
    ...expected,
  });
  const { ok, detail } = checks.find((each) => each.name === name) ?? assert.fail(`no check ${name}`);
  return [ok, detail];
}

const headers = (values: Readonly<Record<string, string>>) => ({
  headers: new Headers({ 'content-type': 'application/json', ...values }),
});

const CHECKS: readonly (readonly [name: string, change: object, ok: boolean, detail: string])[] = [
  ['reachable without a login', {}, true, '200'],
  ['reachable without a login', { status: 401 }, false, "401, a login is required, which Salesforce doesn't have"],
  ['reachable without a login', { status: 503 }, false, '503'],
  [
    'reachable without a login',
    { status: 302, ...headers({ location: 'https://x' }) },
    false,
    "302, a redirect to https://x/, on another host. Set that URL as jwksEndPoint: Salesforce doesn't document whether it follows redirects",
  ],
  [
    'content type',
    headers({ 'content-type': 'application/jwk-set+json; charset=utf-8' }),
    true,
    'application/jwk-set+json; charset=utf-8',
  ],
  ['content type', headers({ 'content-type': 'text/html' }), false, 'text/html'],
  ['size', { body: Buffer.alloc(100 * 1024, ' ') }, true, '102400 bytes'],
  ['size', { body: Buffer.alloc(100 * 1024 + 1, ' ') }, false, '102401 bytes'],
  ['size', { truncated: true }, false, 'more than 1 MB'],
  ['time', { durationMs: 2000 }, true, '2000 ms'],
  ['time', { durationMs: 2001 }, false, '2001 ms'],
  ['cache lifetime', {}, true, 'no Cache-Control'],
  ['cache lifetime', headers({ 'cache-control': 'public, max-age=259200' }), true, 'public, max-age=259200'],
  ['JSON', {}, true, '1 key'],
  ['at least one key', {}, true, '1 usable: a'],
  ['at least one key', { body: Buffer.from('{"keys":[]}') }, false, '0 usable'],
  ['kids are unique', {}, true, 'no duplicates'],
  [
    'kids are unique',
    {
      body: Buffer.from(
        JSON.stringify({
          keys: [
            { ...RSA, kid: 'a' },
            { ...RSA, kid: 'a' },
          ],
        }),
      ),
    },
    true,
    'no duplicates',
  ],
];
for (const [name, change, ok, detail] of CHECKS)
  test(`the check "${name}" is ${ok ? 'passed' : 'failed'}: ${detail}`, () =>
    assert.deepEqual(checkOf(name, change), [ok, detail]));

const factsOfKeyA = () =>
  readJwks(JSON.stringify({ keys: [{ ...RSA, kid: 'a' }] }), now).keys?.[0]?.facts ?? assert.fail();

/** The checks of two responses with these keys. */
const checksOfKeys = (keys: readonly unknown[], otherKeys = keys): readonly EndpointCheck[] => {
  const [first, second] = [keys, otherKeys].map((each) => ({
    status: 200,
    ...headers({}),
    truncated: false,
    durationMs: 1,
    body: Buffer.from(JSON.stringify({ keys: each })),
  }));
  assert.ok(first && second);
  return evaluateResponses(ENDPOINT, first, second, { keys: [], cacheHours: 72, compromised: [], now });
};

const failuresOf = (checks: readonly EndpointCheck[]): readonly string[] =>
  checks.flatMap(({ name, ok, detail }) => (ok ? [] : [`${name}: ${detail}`]));

const notesOf = (checks: readonly EndpointCheck[]): readonly string[] =>
  checks.flatMap(({ name, note }) => (note ? [name] : []));

test('an endpoint passes exactly if a key is usable, for the layout of every provider', async () => {
  for (const { name, document, headers: sent = {}, usable } of await providerShapes()) {
    const body = Buffer.from(JSON.stringify(document));
    const response = { status: 200, ...headers(sent), body, truncated: false, durationMs: 1 };
    const checks = evaluateResponses(ENDPOINT, response, response, { keys: [], cacheHours: 72, compromised: [], now });
    assert.deepEqual(failuresOf(checks), usable.length > 0 ? [] : ['at least one key: 0 usable'], name);
    const { keys } = document as { keys: readonly unknown[] };
    assert.equal(notesOf(checks).filter((each) => each.startsWith('key ')).length, keys.length - usable.length, name);
  }
});

test('a private key in a document fails, although another key is usable', async () => {
  const { d } = keyPair('second').privateKey.export({ format: 'jwk' });
  const leaked = { ...(await publicJwk(keyPair('second'))), d, kid: 'leaked', use: 'enc' };
  assert.match(failuresOf(checksOfKeys([await publicJwk(), leaked])).join(), /^key leaked: jwk-private-key: /);
});

test('one kid with different keys needs an alg that distinguishes them', async () => {
  const [first, second] = [await publicJwk(), await publicJwk(keyPair('second'))];
  const failure = ['kids are unique: several keys with the same kid and alg: key-1'];
  assert.deepEqual(failuresOf(checksOfKeys([first, second])), failure);
  assert.deepEqual(failuresOf(checksOfKeys([first, { ...second, alg: undefined }])), failure);
  assert.deepEqual(failuresOf(checksOfKeys([first, { ...second, alg: 'RS512' }])), []);
  assert.deepEqual(failuresOf(checksOfKeys([first, { ...first, alg: 'RS512' }])), []);
  assert.deepEqual(failuresOf(checksOfKeys([first, { ...second, use: 'enc' }])), []);
});

test('two responses can differ in everything but the usable keys, and the keys that differ are named', async () => {
  const [a, b] = [await publicJwk(), { ...(await publicJwk(keyPair('second'))), kid: 'b' }];
  const enc = { ...b, kid: 'enc', use: 'enc' };
  for (const other of [
    [b, a],
    [
      { ...b, x5c: undefined },
      { extension: 1, ...a },
    ],
    [enc, b, a],
  ])
    assert.deepEqual(failuresOf(checksOfKeys([a, b], other)), []);
  const failure = (names: string): readonly string[] => [
    `stable response: 2 consecutive requests returned different keys: ${names}`,
  ];
  assert.deepEqual(failuresOf(checksOfKeys([a, b], [a])), failure('b'));
  assert.deepEqual(failuresOf(checksOfKeys([a], [a, b])), failure('b'));
  assert.deepEqual(failuresOf(checksOfKeys([a, b], [a, { ...b, kid: 'c' }])), failure('b and c'));
  assert.deepEqual(failuresOf(checksOfKeys([b], [{ ...a, kid: 'b' }])), failure('b'));
});

test('the second response must be a document too', () => {
  const first = { status: 200, ...headers({}), body: Buffer.from('{"keys":[]}'), truncated: false, durationMs: 1 };
  const stability = (change: object): string =>
    failuresOf(
      evaluateResponses(ENDPOINT, first, { ...first, ...change }, { keys: [], cacheHours: 72, compromised: [], now }),
    ).join();
  assert.match(stability({ status: 503 }), /^stable response: the second request was answered with 503/);
  assert.match(stability({ body: Buffer.from('<html>') }), /^stable response: only one of 2 requests returned keys/);
});

const CACHE_HEADERS: readonly (readonly [headers: Readonly<Record<string, string>>, seconds: string | undefined])[] = [
  [{ 'cache-control': 'public, max-age=259200' }, undefined],
  [{ 'cache-control': 'public, max-age=259201' }, '3 days'],
  [{ 'cache-control': 'max-age=3293198, must-revalidate' }, '38 days'],
  [{ 'cache-control': 's-maxage=999999' }, '11 days'],
  [{ 'cache-control': 'max-age=60, s-maxage="999999"' }, '11 days'],
  [{ 'cache-control': 'max-age=999999, S-MaxAge=60' }, undefined],
  [{ 'cache-control': 'max-age=999999, no-store' }, undefined],
  [{ 'cache-control': 'no-cache, max-age=999999' }, undefined],
  [{ 'cache-control': 'x-max-age=999999' }, undefined],
  [{ 'cache-control': 'max-age=soon' }, undefined],
  [{ expires: 'Thu, 10 Dec 2026 00:00:00 GMT', date: 'Tue, 01 Dec 2026 00:00:00 GMT' }, '9 days'],
  [
    { expires: 'Thu, 10 Dec 2026 00:00:00 GMT', date: 'Tue, 01 Dec 2026 00:00:00 GMT', 'cache-control': 'max-age=1' },
    undefined,
  ],
  [{ expires: '0' }, undefined],
  [{ expires: '-1', 'cache-control': 'public' }, undefined],
  [{ 'cache-control': 'max-age=999999', age: '999990' }, '11 days'],
];
for (const [sent, duration] of CACHE_HEADERS)
  test(`${JSON.stringify(sent)} is ${duration === undefined ? 'no note' : `a note about ${duration}`}, and no failure`, () => {
    const response = { status: 200, ...headers(sent), body: Buffer.from('{}'), truncated: false, durationMs: 1 };
    const checks = evaluateResponses(ENDPOINT, response, response, { keys: [], cacheHours: 72, compromised: [], now });
    const { ok, note, detail } = checks.find(({ name }) => name === 'cache lifetime') ?? assert.fail();
    assert.deepEqual([ok, note], [true, duration === undefined ? undefined : true]);
    if (duration !== undefined)
      assert.match(
        detail,
        new RegExp(`keep the document for ${duration} .*longer than the 72 hours.*--cache-hours \\d+, or shorten`),
      );
  });

test('the 72 hours are those of the rotation', () => {
  const week = headers({ 'cache-control': 'max-age=604800' });
  assert.match(checkOf('cache lifetime', week)[1], /^Caches may keep the document for 7 days/);
  assert.deepEqual(checkOf('cache lifetime', week, { cacheHours: 168 }), [true, 'max-age=604800']);
  assert.match(
    checkOf('cache lifetime', week, { cacheHours: 167 })[1],
    /longer than the 167 hours .*--cache-hours 168/,
  );
});

describe('a redirect is one failure with its target', () => {
  const REDIRECTS: readonly (readonly [status: number, location: string | undefined, detail: RegExp])[] = [
    [
      301,
      'https://id.example.com/jwks/',
      /^301, a redirect to https:\/\/id\.example\.com\/jwks\/\. Set that URL as jwksEndPoint/,
    ],
    [308, '/jwks/', /^308, a redirect to https:\/\/id\.example\.com\/jwks\/\. Set that URL/],
    [302, 'https://www.example.com/jwks', /a redirect to https:\/\/www\.example\.com\/jwks, on another host\. Set/],
    [307, 'http://id.example.com/jwks', /a redirect to http:\/\/id\.example\.com\/jwks, which doesn't use https/],
    [302, 'https://user:secret@id.example.com/', /^302, a redirect without a usable target$/],
    [302, undefined, /^302, a redirect without a usable target$/],
    [302, '//', /^302, a redirect without a usable target$/],
  ];
  for (const [status, location, detail] of REDIRECTS)
    test(`${status} to ${location ?? 'nowhere'}`, () => {
      const sent = headers(location === undefined ? { 'content-type': 'text/html' } : { location });
      const response = { status, ...sent, body: Buffer.from(''), truncated: false, durationMs: 1 };
      const [check, ...others] = evaluateResponses(ENDPOINT, response, response, {
        keys: [],
        cacheHours: 72,
        compromised: [],
        now,
      });
      assert.deepEqual([check?.ok, others], [false, []]);
      assert.match(check?.detail ?? '', detail);
    });
});

test('406 and other statuses have their own message', () => {
  for (const [status, meaning] of [
    [401, /a login is required/],
    [403, /access is denied/],
    [404, /no document exists at this URL/],
    [406, /rejects the header Accept: application\/json/],
    [429, /too many requests/],
    [503, /^503$/],
  ] as const)
    assert.match(checkOf('reachable without a login', { status })[1], meaning);
});

test('expected keys must be served with their kid and thumbprint, and no other key', () => {
  const served = factsOfKeyA();
  const expected = (kid: string, thumbprint: string) => ({ keys: [{ name: 'Web_2026', kid, thumbprint }] });
  assert.deepEqual(checkOf('expected Web_2026', {}, expected('a', served.thumbprint)), [true, 'served']);
  assert.deepEqual(checkOf('expected Web_2026', {}, expected('a', 'other')), [
    false,
    'another key is served with its kid',
  ]);
  assert.deepEqual(checkOf('expected Web_2026', {}, expected('b', served.thumbprint)), [false, 'not served']);
  assert.deepEqual(checkOf('unexpected keys', {}, expected('b', served.thumbprint)), [false, 'a']);
  assert.deepEqual(checkOf('unexpected keys', {}, expected('a', served.thumbprint)), [true, 'none']);
});

test('a compromised key must not be served, under any kid and in any spelling', () => {
  const facts = factsOfKeyA();
  const key = { thumbprint: facts.thumbprint, name: 'Old', kid: 'old', keyset: 'Web', markedAt: now.toISOString() };
  const expected = { compromised: [key] };
  const detail = `Old, which the rotation of Web marked as compromised on ${key.markedAt.slice(0, 10)}, is served`;
  assert.deepEqual(checkOf('no compromised key', {}, expected), [false, detail]);
  const padded = { ...RSA, n: `${Buffer.from(RSA.n, 'base64url').toString('base64')}` };
  const body = Buffer.from(JSON.stringify({ keys: [{ ...padded, alg: 'none', kty: 'rsa' }] }));
  assert.deepEqual(checkOf('no compromised key', { body }, expected), [false, detail]);
  const other = { compromised: [{ ...key, thumbprint: 'another' }] };
  assert.deepEqual(checkOf('no compromised key', {}, other), [true, 'none is served']);
  assert.throws(() => checkOf('no compromised key', {}), /no check/);
});

test('every RSA key of a document is allowed, if keys are listed; keys of other types verify no token', async () => {
  const [own, other] = [await publicJwk(), { ...(await publicJwk(keyPair('other'))), kid: 'rogue' }];
  const elliptic = { kty: 'EC', crv: 'P-256', kid: 'ec', x: 'AA', y: 'AA' };
  const thumbprint = readJwks(JSON.stringify({ keys: [own] }), now).keys?.[0]?.facts?.thumbprint ?? assert.fail();
  const failed = (allowed: readonly string[] | undefined, ...keys: readonly object[]): readonly string[] => {
    const headers = new Headers({ 'content-type': 'application/json' });
    const response = {
      status: 200,
      headers,
      body: Buffer.from(JSON.stringify({ keys })),
      truncated: false,
      durationMs: 1,
    };
    const expected = { keys: [], cacheHours: 72, compromised: [], now, ...(allowed && { allowed }) };
    const checks = evaluateResponses(ENDPOINT, response, response, expected);
    return checks.filter(({ ok, name }) => !ok && name.startsWith('listed')).map(({ name }) => name);
  };
  assert.deepEqual(failed(undefined, own, other), []);
  assert.deepEqual(failed([thumbprint], own, elliptic), []);
  assert.deepEqual(failed([thumbprint], own, other), ['listed rogue']);
  assert.deepEqual(
    failed([thumbprint], { ...other, use: 'enc' }),
    ['listed rogue'],
    'use can be ignored by the reader',
  );
  assert.deepEqual(failed([], own), [`listed ${String(own['kid'])}`]);
});

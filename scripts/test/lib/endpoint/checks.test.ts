import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluateResponses, type ExpectedDocument } from '../../../lib/endpoint/checks';
import { servedKeys } from '../../../lib/endpoint/served-keys';
import type { Check } from '../../../lib/model';

const now = new Date();

function checksFor(body: string, type = 'application/json'): readonly Check[] {
  const headers = new Headers({ 'content-type': type });
  const response = { status: 200, headers, body: Buffer.from(body), truncated: false, durationMs: 1 };
  return evaluateResponses(response, response, { keys: [], cacheHours: 72, compromised: [], now });
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

test('a document with 101 keys is rejected, and one with 100 is read', () => {
  const keys = Array.from({ length: 101 }, (_, index) => ({ ...RSA, kid: `k${index}` }));
  assert.equal(servedKeys(JSON.stringify({ keys }), now)?.length ?? 0, 0);
  assert.ok(checksFor(JSON.stringify({ keys })).some(({ name, ok }) => name === 'number of keys' && !ok));
  assert.equal(servedKeys(JSON.stringify({ keys: keys.slice(1) }), now)?.length, 100);
});

/** The check of one response, as [ok, detail]. */
function checkOf(name: string, change: object, expected: Partial<ExpectedDocument> = {}): readonly [boolean, string] {
  const response = {
    ...{ status: 200, headers: new Headers({ 'content-type': 'application/json' }), truncated: false, durationMs: 1 },
    ...{ body: Buffer.from(JSON.stringify({ keys: [{ ...RSA, kid: 'a' }] })), ...change },
  };
  const checks = evaluateResponses(response, response, { keys: [], cacheHours: 72, compromised: [], now, ...expected });
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
    "302, a redirect to another URL; Salesforce doesn't document whether it follows redirects",
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
  ['cache lifetime', headers({ 'cache-control': 'public, max-age=259201' }), false, 'public, max-age=259201'],
  ['cache lifetime', headers({ 'cache-control': 's-maxage=999999' }), false, 's-maxage=999999'],
  ['JSON', {}, true, '1 key'],
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
    false,
    'duplicates: a',
  ],
];
for (const [name, change, ok, detail] of CHECKS)
  test(`the check "${name}" is ${ok ? 'passed' : 'failed'}: ${detail}`, () =>
    assert.deepEqual(checkOf(name, change), [ok, detail]));

test('expected keys must be served with their kid and thumbprint, and no other key', () => {
  const served = servedKeys(JSON.stringify({ keys: [{ ...RSA, kid: 'a' }] }), now)?.[0]?.facts ?? assert.fail();
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
  const { facts } = servedKeys(JSON.stringify({ keys: [{ ...RSA, kid: 'a' }] }), now)?.[0] ?? assert.fail();
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

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluateResponses } from '../../../lib/endpoint/checks';
import { servedKeys } from '../../../lib/endpoint/served-keys';
import type { Check } from '../../../lib/model';

const now = new Date();

function checksFor(body: string, type = 'application/json'): readonly Check[] {
  const headers = new Headers({ 'content-type': type });
  const answer = { status: 200, headers, body: Buffer.from(body), truncated: false, durationMs: 1 };
  return evaluateResponses(answer, answer, { keys: [], cacheHours: 72, now });
}

const RSA = { kty: 'RSA', alg: 'RS256', e: 'AQAB', n: Buffer.alloc(256, 0xff).toString('base64url') };

const BODIES: Readonly<Record<string, string>> = {
  'a hundred thousand keys': JSON.stringify({ keys: Array.from({ length: 100_000 }, () => ({})) }),
  'a hundred thousand numbers': JSON.stringify({ keys: Array.from({ length: 100_000 }, () => 0) }),
  'a kid without end': JSON.stringify({ keys: [{ ...RSA, kid: 'k'.repeat(900_000) }] }),
  'a kid that passes for another check': JSON.stringify({ keys: [{ ...RSA, kid: 'k\n  ok    TLS: fine' }] }),
  'a modulus without end': JSON.stringify({ keys: [{ ...RSA, n: 'x'.repeat(900_000) }] }),
  'lists in lists': `{"keys":${'['.repeat(400_000)}`,
  'no UTF-8': Buffer.alloc(1000, 0xff).toString('latin1'),
  HTML: '<html>'.repeat(10_000),
};

for (const [what, body] of Object.entries(BODIES))
  test(`${what} fails in few lines, each of a bearable length`, () => {
    const checks = checksFor(body);
    assert.ok(checks.length < 30, `${checks.length} checks`);
    for (const { name, detail } of checks) {
      assert.ok(name.length + detail.length < 700);
      assert.doesNotMatch(name + detail, /\n/);
    }
  });

test('of more keys than anybody needs none is taken', () => {
  const keys = Array.from({ length: 101 }, (_, index) => ({ ...RSA, kid: `k${index}` }));
  assert.equal(servedKeys(JSON.stringify({ keys }), now)?.length ?? 0, 0);
  assert.ok(checksFor(JSON.stringify({ keys })).some(({ name, ok }) => name === 'number of keys' && !ok));
  assert.equal(servedKeys(JSON.stringify({ keys: keys.slice(1) }), now)?.length, 100);
});

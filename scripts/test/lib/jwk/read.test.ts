import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calculateJwkThumbprint } from 'jose';
import { readJwk } from '../../../lib/jwk';
import { DAY_MS, publicJwk, NOW, keyPair, privateMembers, type Jwk } from './test-keys';

const codesOf = (text: string): readonly string[] => readJwk(text, NOW).problems.map(({ code }) => code);
const codesOfKey = (jwk: Jwk): readonly string[] => codesOf(JSON.stringify(jwk));
const fromNow = (milliseconds: number): Date => new Date(NOW.getTime() + milliseconds);

test('a good key has no problem and says what it is', async () => {
  const { key, problems } = readJwk(JSON.stringify(await publicJwk()), NOW);
  assert.deepEqual(problems, []);
  const { certificate, ...facts } = key ?? assert.fail('no key');
  const thumbprint = await calculateJwkThumbprint({ ...(await publicJwk()), kty: 'RSA' });
  assert.deepEqual(facts, { kid: 'key-1', alg: 'RS256', use: 'sig', thumbprint, bits: 2048 });
  const validity = { notBefore: fromNow(-DAY_MS), notAfter: fromNow(365 * DAY_MS), daysLeft: 365 };
  assert.deepEqual(certificate, { subject: 'CN=Test', ...validity, selfSigned: true });
});

test('leading zero octets of n do not change the thumbprint', async () => {
  const jwk = await publicJwk();
  const padded = Buffer.concat([Buffer.from([0]), Buffer.from(String(jwk['n']), 'base64url')]).toString('base64url');
  const [one, other] = [jwk, { ...jwk, n: padded }].map((key) => readJwk(JSON.stringify(key), NOW).key);
  assert.deepEqual(other, one);
});

const INVALID_CHANGES: Readonly<Record<string, readonly [claim: string, change: Jwk, code: string]>> = {
  kty: ['an EC key is refused', { kty: 'EC' }, 'jwk-not-rsa'],
  noKty: ['a key without kty is refused', { kty: undefined }, 'jwk-not-rsa'],
  alg: ['alg PS256 is refused', { alg: 'PS256' }, 'jwk-alg'],
  algNone: ['alg none is refused', { alg: 'none' }, 'jwk-alg'],
  noAlg: ['a key without alg is refused', { alg: undefined }, 'jwk-alg'],
  use: ['a key for encryption is refused', { use: 'enc' }, 'jwk-use'],
  kid: ['a key without kid is refused', { kid: undefined }, 'jwk-kid'],
  kidEmpty: ['an empty kid is refused', { kid: '' }, 'jwk-kid'],
  kidNumber: ['a kid that is no text is refused', { kid: 7 }, 'jwk-kid'],
  noN: ['a key without n is refused', { n: undefined }, 'jwk-numbers'],
  eBase64: ['e in padded base64 is refused', { e: 'AQAB==' }, 'jwk-numbers'],
  eZero: ['an exponent of 0 is refused', { e: 'AA' }, 'jwk-numbers'],
  noX5c: ['an uploaded key without x5c is refused', { x5c: undefined }, 'jwk-x5c-missing'],
  x5cText: ['x5c as a plain text is refused', { x5c: 'MIIB' }, 'jwk-x5c-encoding'],
  x5cEmpty: ['an empty x5c is refused', { x5c: [] }, 'jwk-x5c-encoding'],
  x5cNumber: ['an x5c item that is no text is refused', { x5c: [1] }, 'jwk-x5c-encoding'],
  x5cNoDer: ['base64 of something else than a certificate is refused', { x5c: ['AAAA'] }, 'jwk-x5c-encoding'],
  oth: ['oth is a private member', { oth: [{ r: 'x' }] }, 'jwk-private-key'],
  k: ['k is a private member', { k: 'c2VjcmV0' }, 'jwk-private-key'],
  p: ['p is a private member even as a letter', { p: 'p' }, 'jwk-private-key'],
  d: ['the letter d that Salesforce writes is a placeholder', { d: 'd' }, 'jwk-placeholder-members'],
};

for (const [claim, change, code] of Object.values(INVALID_CHANGES)) {
  test(claim, async () => {
    assert.deepEqual(codesOfKey({ ...(await publicJwk()), ...change }), [code]);
  });
}

test('use may be left out, and RS512 is as good as RS256', async () => {
  assert.deepEqual(codesOfKey({ ...(await publicJwk()), use: undefined, alg: 'RS512' }), []);
});

test('a key fetched from an endpoint needs neither x5c nor alg', async () => {
  const { x5c: _x5c, alg: _alg, ...bare } = await publicJwk();
  assert.deepEqual(readJwk(JSON.stringify(bare), NOW, 'endpoint').problems, []);
});

test('an exponent of 1 is refused: anyone could sign', async () => {
  const codes = codesOfKey({ ...(await publicJwk()), e: 'AQ' });
  assert.deepEqual(codes, ['jwk-numbers', 'jwk-x5c-other-key']);
});

test('1024 bits are too few', async () => {
  const pair = keyPair('short', 1024);
  assert.deepEqual(codesOfKey(await publicJwk(pair)), ['jwk-too-short']);
});

test('2047 bits are too few and 2048 are enough', async () => {
  const { x5c: _x5c, ...jwk } = await publicJwk();
  const lengths = [0x40, 0x80].map((first) => {
    const bytes = Buffer.alloc(256, 1);
    bytes[0] = first;
    const { key, problems } = readJwk(JSON.stringify({ ...jwk, n: bytes.toString('base64url') }), NOW, 'endpoint');
    return [key?.bits, problems.map(({ code }) => code)];
  });
  assert.deepEqual(lengths, [
    [2047, ['jwk-too-short']],
    [2048, []],
  ]);
});

test('nested members and texts with brackets do not count as repeated', async () => {
  assert.deepEqual(
    codesOfKey({ ...(await publicJwk()), note: '{"kid":"}:{', more: { kid: 1, kty: [{ kid: 2 }] } }),
    [],
  );
});

test('a JWKS or an array is refused, whatever it holds, and a private key inside is still told', async () => {
  const jwk = await publicJwk();
  for (const keys of [[], [jwk], [jwk, 1]]) {
    assert.deepEqual(codesOf(JSON.stringify({ keys })), ['jwk-not-one-key']);
    assert.deepEqual(codesOf(JSON.stringify(keys)), ['jwk-not-one-key']);
  }
  const leaked = { keys: [{ ...jwk, ...privateMembers() }] };
  assert.deepEqual(codesOf(JSON.stringify(leaked)), ['jwk-private-key', 'jwk-not-one-key']);
});

test('text that is no JSON, or not an object, is refused', () => {
  for (const text of ['', ' \n', '{', '{"kty":"RSA"', 'RSA', "{'kty':'RSA'}", '[', '['.repeat(100_000)]) {
    assert.deepEqual(codesOf(text), ['jwk-not-json'], text.slice(0, 20));
  }
  for (const text of ['null', '1', '"RSA"', 'true']) assert.deepEqual(codesOf(text), ['jwk-not-one-key']);
});

test('a private key in PEM form is a leak, a certificate in PEM form is only no JSON', () => {
  const pem = keyPair().privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  assert.deepEqual(codesOf(pem), ['jwk-private-key', 'jwk-not-json']);
  assert.deepEqual(codesOf('-----BEGIN CERTIFICATE-----'), ['jwk-not-json']);
});

test('very long keys are answered too', async () => {
  const long = 'A'.repeat(4_000_000);
  assert.deepEqual(codesOfKey({ ...(await publicJwk()), note: long + '\\"'.repeat(100_000) }), []);
  assert.deepEqual(codesOfKey({ ...(await publicJwk()), x5c: [long] }), ['jwk-x5c-encoding']);
});

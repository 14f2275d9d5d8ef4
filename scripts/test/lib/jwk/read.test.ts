import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calculateJwkThumbprint } from 'jose';
import { readJwk } from '../../../lib/jwk';
import { createCertificate, DAY_MS, publicJwk, NOW, keyPair, privateMembers, type Jwk } from './test-keys';

const codesOf = (text: string): readonly string[] => readJwk(text, NOW).problems.map(({ code }) => code);
const codesOfKey = (jwk: Jwk): readonly string[] => codesOf(JSON.stringify(jwk));
const fromNow = (milliseconds: number): Date => new Date(NOW.getTime() + milliseconds);

test('reads the properties of a valid key without problems', async () => {
  const { key, problems } = readJwk(JSON.stringify(await publicJwk()), NOW);
  assert.deepEqual(problems, []);
  const { certificate, ...facts } = key ?? assert.fail('no key');
  const thumbprint = await calculateJwkThumbprint({ ...(await publicJwk()), kty: 'RSA' });
  assert.deepEqual(facts, { kid: 'key-1', alg: 'RS256', use: 'sig', thumbprint, bits: 2048 });
  const validity = { notBefore: fromNow(-DAY_MS), notAfter: fromNow(365 * DAY_MS), daysLeft: 365 };
  assert.deepEqual(certificate, { subject: 'CN=Test', ...validity });
});

test('ignores leading zero octets of n in the thumbprint', async () => {
  const jwk = await publicJwk();
  const padded = Buffer.concat([Buffer.from([0]), Buffer.from(String(jwk['n']), 'base64url')]).toString('base64url');
  const [one, other] = [jwk, { ...jwk, n: padded }].map((key) => readJwk(JSON.stringify(key), NOW).key);
  assert.deepEqual(other, one);
});

const INVALID_CHANGES: Readonly<Record<string, readonly [claim: string, change: Jwk, code: string]>> = {
  kty: ['rejects an EC key', { kty: 'EC' }, 'jwk-not-rsa'],
  noKty: ['rejects a key without kty', { kty: undefined }, 'jwk-not-rsa'],
  alg: ['rejects alg PS256', { alg: 'PS256' }, 'jwk-alg'],
  algNone: ['rejects alg none', { alg: 'none' }, 'jwk-alg'],
  noAlg: ['rejects an uploaded key without alg', { alg: undefined }, 'jwk-alg'],
  use: ['rejects a key for encryption', { use: 'enc' }, 'jwk-use'],
  kid: ['rejects a key without kid', { kid: undefined }, 'jwk-kid'],
  kidEmpty: ['rejects an empty kid', { kid: '' }, 'jwk-kid'],
  kidNumber: ['rejects a kid that is not a string', { kid: 7 }, 'jwk-kid'],
  noN: ['rejects a key without n', { n: undefined }, 'jwk-numbers'],
  eBase64: ['rejects e in padded base64', { e: 'AQAB==' }, 'jwk-numbers'],
  eZero: ['rejects an exponent of 0', { e: 'AA' }, 'jwk-numbers'],
  noX5c: ['rejects an uploaded key without x5c', { x5c: undefined }, 'jwk-x5c-missing'],
  x5cText: ['rejects x5c as a string', { x5c: 'MIIB' }, 'jwk-x5c-encoding'],
  x5cEmpty: ['rejects an empty x5c', { x5c: [] }, 'jwk-x5c-encoding'],
  x5cNumber: ['rejects an x5c item that is not a string', { x5c: [1] }, 'jwk-x5c-encoding'],
  x5cNoDer: ['rejects an x5c item that is not a certificate', { x5c: ['AAAA'] }, 'jwk-x5c-encoding'],
  oth: ['rejects oth as a private member', { oth: [{ r: 'x' }] }, 'jwk-private-key'],
  k: ['rejects k as a private member', { k: 'c2VjcmV0' }, 'jwk-private-key'],
  p: ['rejects p as a private member even if its value is p', { p: 'p' }, 'jwk-private-key'],
  d: ['reports d as a placeholder if its value is d', { d: 'd' }, 'jwk-placeholder-members'],
};

for (const [claim, change, code] of Object.values(INVALID_CHANGES)) {
  test(claim, async () => {
    assert.deepEqual(codesOfKey({ ...(await publicJwk()), ...change }), [code]);
  });
}

test('accepts a key without use and with alg RS512', async () => {
  assert.deepEqual(codesOfKey({ ...(await publicJwk()), use: undefined, alg: 'RS512' }), []);
});

test('accepts a key of an endpoint without x5c and alg', async () => {
  const { x5c: _x5c, alg: _alg, ...bare } = await publicJwk();
  assert.deepEqual(readJwk(JSON.stringify(bare), NOW, 'endpoint').problems, []);
});

test('rejects an exponent of 1, with which anyone can sign', async () => {
  const codes = codesOfKey({ ...(await publicJwk()), e: 'AQ' });
  assert.deepEqual(codes, ['jwk-numbers', 'jwk-x5c-other-key']);
});

test('rejects a key of 1024 bits', async () => {
  const pair = keyPair('short', 1024);
  assert.deepEqual(codesOfKey(await publicJwk(pair)), ['jwk-too-short']);
});

test('rejects a key of 2047 bits and accepts one of 2048 bits', async () => {
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

test('does not count nested members or strings with brackets as duplicates', async () => {
  assert.deepEqual(
    codesOfKey({ ...(await publicJwk()), note: '{"kid":"}:{', more: { kid: 1, kty: [{ kid: 2 }] } }),
    [],
  );
});

test('rejects any JWKS or array, and reports a private key in it', async () => {
  const jwk = await publicJwk();
  for (const keys of [[], [jwk], [jwk, 1]]) {
    assert.deepEqual(codesOf(JSON.stringify({ keys })), ['jwk-not-one-key']);
    assert.deepEqual(codesOf(JSON.stringify(keys)), ['jwk-not-one-key']);
  }
  const leaked = { keys: [{ ...jwk, ...privateMembers() }] };
  assert.deepEqual(codesOf(JSON.stringify(leaked)), ['jwk-private-key', 'jwk-not-one-key']);
});

test('rejects text that is not JSON and JSON that is not an object', () => {
  for (const text of ['', ' \n', '{', '{"kty":"RSA"', 'RSA', "{'kty':'RSA'}", '[', '['.repeat(100_000)]) {
    assert.deepEqual(codesOf(text), ['jwk-not-json'], text.slice(0, 20));
  }
  for (const text of ['null', '1', '"RSA"', 'true']) assert.deepEqual(codesOf(text), ['jwk-not-one-key']);
});

test('reports a private key in PEM as a leak, and a certificate in PEM as text that is not JSON', () => {
  const pem = keyPair().privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  assert.deepEqual(codesOf(pem), ['jwk-private-key', 'jwk-not-json']);
  assert.deepEqual(codesOf('-----BEGIN CERTIFICATE-----'), ['jwk-not-json']);
});

test('tells PEM text in the place of a JSON web key, in any layout, and how to import it', async () => {
  const certificate = (await createCertificate(keyPair())).toString('base64');
  const publicKey = keyPair().publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const pem = `-----BEGIN CERTIFICATE-----\n${certificate}\n-----END CERTIFICATE-----\n`;
  for (const text of [pem, publicKey, pem.replaceAll('\n', ' '), pem.replace(/^/gm, '    ')]) {
    const [problem] = readJwk(text, NOW).problems;
    assert.match(problem?.message ?? '', /PEM text instead of a JSON web key/);
    assert.match(problem?.fix ?? '', /npm run keys -- import NAME --from FILE$/);
  }
});

test('reads keys of 4 MB', async () => {
  const long = 'A'.repeat(4_000_000);
  assert.deepEqual(codesOfKey({ ...(await publicJwk()), note: long + '\\"'.repeat(100_000) }), []);
  assert.deepEqual(codesOfKey({ ...(await publicJwk()), x5c: [long] }), ['jwk-x5c-encoding']);
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { isUsableKey, readJwks, type JwksKey } from '../../../lib/jwk';
import { providerShapes } from './provider-shapes';
import { keyPair, NOW, privateMembers, publicJwk, createCertificate, DAY_MS, type Jwk } from './test-keys';

const keysOf = (keys: readonly unknown[]): readonly JwksKey[] =>
  readJwks(JSON.stringify({ keys }), NOW).keys ?? assert.fail('no JWKS document');

const usableKids = (keys: readonly unknown[]): readonly string[] =>
  keysOf(keys)
    .filter(isUsableKey)
    .map(({ name }) => name);

test('the keys of every provider that can verify a token are usable, and the others are not', async () => {
  for (const { name, document, usable } of await providerShapes()) {
    const { keys } = readJwks(JSON.stringify(document), NOW);
    assert.deepEqual(
      keys?.filter(isUsableKey).map((key) => key.name),
      usable,
      name,
    );
  }
});

describe('a key that can verify no token is not usable, whatever is beside it', () => {
  const CASES: readonly (readonly [what: string, members: Jwk, code: string])[] = [
    ['it is for encryption', { use: 'enc' }, 'jwk-use'],
    ['its algorithm encrypts', { alg: 'RSA-OAEP-256' }, 'jwk-alg'],
    ['its algorithm is RS384', { alg: 'RS384' }, 'jwk-alg'],
    ['its algorithm is PS256', { alg: 'PS256' }, 'jwk-alg'],
    ['its type is EC', { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' }, 'jwk-not-rsa'],
    ['its type is unknown', { kty: 'AKP' }, 'jwk-not-rsa'],
    ['key_ops has other operations', { key_ops: ['encrypt', 'wrapKey'] }, 'jwk-key-ops'],
    ['key_ops is empty', { key_ops: [] }, 'jwk-key-ops'],
    ['key_ops is a text', { key_ops: 'verify' }, 'jwk-key-ops'],
    ['kid is missing', { kid: undefined }, 'jwk-kid'],
    ['n is missing', { n: undefined }, 'jwk-numbers'],
    ['it is too short', keyPair('short', 1024).publicKey.export({ format: 'jwk' }), 'jwk-too-short'],
  ];
  for (const [what, members, code] of CASES)
    test(what, async () => {
      const { x5c: _, ...jwk } = await publicJwk();
      const keys = [{ ...jwk, ...members, ...('kid' in members ? {} : { kid: 'other' }) }, jwk];
      assert.deepEqual(usableKids(keys), ['key-1']);
      assert.deepEqual(
        keysOf(keys)[0]?.unusable.map((problem) => problem.code),
        [code],
      );
    });

  test('it is a private key', async () => {
    const [key] = keysOf([{ ...(await publicJwk()), ...privateMembers() }]);
    assert.deepEqual(
      key?.unusable.map(({ code }) => code),
      ['jwk-private-key'],
    );
    assert.ok(!JSON.stringify(key.unusable).includes(String(privateMembers()['d'])));
  });
});

test('a certificate that Salesforce would reject in an upload leaves the key usable at an endpoint', async () => {
  const expired = { notBefore: new Date(0), notAfter: new Date(NOW.getTime() - DAY_MS) };
  for (const [x5c, code] of [
    [[(await createCertificate(keyPair(), expired)).toString('base64')], 'jwk-x5c-expired'],
    [['MII-_w'], 'jwk-x5c-encoding'],
    [[], 'jwk-x5c-encoding'],
  ] as const) {
    const [key] = keysOf([{ ...(await publicJwk()), x5c }]);
    assert.ok(key && isUsableKey(key), code);
    assert.deepEqual(
      key.doubtful.map((problem) => problem.code),
      [code],
    );
  }
});

test('a certificate of another key makes the key unusable, because Salesforce may use either', async () => {
  const x5c = [(await createCertificate(keyPair('second'))).toString('base64')];
  assert.deepEqual(usableKids([{ ...(await publicJwk()), x5c }]), []);
});

test('unknown keys and members never change which keys are usable, and neither does the order', async () => {
  const { x5c: _, ...jwk } = await publicJwk();
  const unknownKey = fc.oneof(
    fc.jsonValue(),
    fc.record({ kty: fc.constantFrom('EC', 'OKP', 'AKP', 'oct', 'x'), kid: fc.string(), crv: fc.string() }),
    fc.record({ kty: fc.constant('RSA'), use: fc.constant('enc'), n: fc.string(), e: fc.string() }),
  );
  fc.assert(
    fc.property(fc.array(unknownKey, { maxLength: 8 }), fc.nat(8), (others, at) => {
      const keys = [...others.slice(0, at), { ...jwk, extension: others }, ...others.slice(at)];
      assert.deepEqual(
        readJwks(JSON.stringify({ keys, other: 1 }), NOW)
          .keys?.filter(isUsableKey)
          .map(({ kid }) => kid),
        ['key-1'],
      );
    }),
    { numRuns: 60 },
  );
});

const OTHER_DOCUMENTS: readonly (readonly [what: string, text: string, problem: RegExp])[] = [
  [
    'a discovery document',
    JSON.stringify({ issuer: 'https://id.example.com', jwks_uri: 'https://id.example.com/keys' }),
    /^The document is the discovery document of a provider\. The keys are at its jwks_uri: https:\/\/id\.example\.com\/keys$/,
  ],
  [
    'a map of kid to PEM',
    JSON.stringify({ a: '-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----\n' }),
    /^The document maps kids to PEM certificates\./,
  ],
  ['a single key', JSON.stringify({ kty: 'RSA' }), /^The document is a single key\./],
  ['a list of keys', '[]', /has no list "keys"/],
  ['an error', '{"error":"down"}', /has no list "keys"/],
  ['an object as keys', '{"keys":{}}', /has no list "keys"/],
  ['a login page', '\n<!DOCTYPE html><html>', /web page/],
  ['nothing', '', /isn't JSON/],
  ['a duplicate member', '{"keys":[],"keys":[]}', /isn't JSON/],
];
for (const [what, text, problem] of OTHER_DOCUMENTS)
  test(`${what} is named`, () => {
    const jwks = readJwks(text, NOW);
    assert.equal(jwks.keys, undefined);
    assert.match(jwks.problem, problem);
  });

test('a document with 101 keys is rejected, and one with 100 is read', () => {
  const keys = Array.from({ length: 101 }, () => ({}));
  assert.match(
    readJwks(JSON.stringify({ keys }), NOW).problem ?? '',
    /^The document has 101 keys; at most 100 are read\.$/,
  );
  assert.equal(keysOf(keys.slice(1)).length, 100);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readJwk } from '../../../lib/jwk';
import { createCertificate, DAY_MS, createEcCertificate, publicJwk, NOW, keyPair, type Jwk } from './test-keys';

const codesOfKey = (jwk: Jwk): readonly string[] => readJwk(JSON.stringify(jwk), NOW).problems.map(({ code }) => code);
const fromNow = (milliseconds: number): Date => new Date(NOW.getTime() + milliseconds);

const DATE_CASES: readonly (readonly [claim: string, from: number, to: number, codes: readonly string[]])[] = [
  ['accepts a certificate with exactly 10 days left', -DAY_MS, 10 * DAY_MS, []],
  [
    'reports a certificate that expires 1 second before 10 days as expiring soon',
    -DAY_MS,
    10 * DAY_MS - 1000,
    ['jwk-x5c-expires-soon'],
  ],
  ['reports a certificate in its last second as expiring soon, not as expired', -DAY_MS, 0, ['jwk-x5c-expires-soon']],
  ['reports a certificate that expired 1 second ago as expired', -DAY_MS, -1000, ['jwk-x5c-expired']],
  ['accepts a certificate in its first second', 0, 365 * DAY_MS, []],
  ['reports a certificate that starts in 1 second as not yet valid', 1000, 365 * DAY_MS, ['jwk-x5c-not-yet-valid']],
];

for (const [claim, from, to, codes] of DATE_CASES) {
  test(claim, async () => {
    assert.deepEqual(
      codesOfKey(await publicJwk(keyPair(), { notBefore: fromNow(from), notAfter: fromNow(to) })),
      codes,
    );
  });
}

test('rounds the remaining days of a certificate down to whole days', async () => {
  const jwk = await publicJwk(keyPair(), { notAfter: fromNow(12 * DAY_MS - 1000) });
  assert.equal(readJwk(JSON.stringify(jwk), NOW).key?.certificate?.daysLeft, 11);
});

test('rejects a certificate of another key pair', async () => {
  const other = (await createCertificate(keyPair('second'))).toString('base64');
  assert.deepEqual(codesOfKey({ ...(await publicJwk()), x5c: [other] }), ['jwk-x5c-other-key']);
});

test('rejects x5c in base64url, in PEM, in base64 of PEM, or with bytes after the certificate', async () => {
  const der = await createCertificate(keyPair());
  const pem = `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`;
  const trailing = Buffer.concat([der, Buffer.from([0, 0, 0])]).toString('base64');
  const url = `${der.toString('base64url').replace(/.$/, '_')}`;
  for (const item of [url, pem, Buffer.from(pem).toString('base64'), trailing]) {
    assert.deepEqual(codesOfKey({ ...(await publicJwk()), x5c: [item] }), ['jwk-x5c-encoding']);
  }
});

test('reads the first certificate of a chain', async () => {
  const [own, other] = [await createCertificate(keyPair()), await createCertificate(keyPair('second'))];
  assert.deepEqual(codesOfKey({ ...(await publicJwk()), x5c: [own, other].map((der) => der.toString('base64')) }), []);
});

test('rejects a chain with an item that is no certificate', async () => {
  const own = (await createCertificate(keyPair())).toString('base64');
  for (const item of ['AAAA', '', 1, null])
    assert.deepEqual(codesOfKey({ ...(await publicJwk()), x5c: [own, item] }), ['jwk-x5c-encoding']);
});

test('reports the certificate of an elliptic curve key as that of another key', async () => {
  const certificate = await createEcCertificate();
  assert.deepEqual(codesOfKey({ ...(await publicJwk()), x5c: [certificate.toString('base64')] }), [
    'jwk-x5c-other-key',
  ]);
});

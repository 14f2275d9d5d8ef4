import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readJwk } from '../../../lib/jwk';
import { certificateOf, DAY, ellipticCertificate, jwkOf, NOW, pairOf, type Jwk } from './keyring';

const codesOfKey = (jwk: Jwk): readonly string[] => readJwk(JSON.stringify(jwk), NOW).problems.map(({ code }) => code);
const after = (milliseconds: number): Date => new Date(NOW.getTime() + milliseconds);

const DATES: readonly (readonly [claim: string, from: number, to: number, codes: readonly string[]])[] = [
  ['exactly 10 days left are enough', -DAY, 10 * DAY, []],
  ['10 days minus a second are not', -DAY, 10 * DAY - 1000, ['jwk-x5c-ends-soon']],
  ['the last second still counts as soon, not as expired', -DAY, 0, ['jwk-x5c-ends-soon']],
  ['a certificate that ended a second ago has expired', -DAY, -1000, ['jwk-x5c-expired']],
  ['a certificate is valid from its first second', 0, 365 * DAY, []],
  ['a certificate that starts in a second is not valid yet', 1000, 365 * DAY, ['jwk-x5c-not-yet-valid']],
];

for (const [claim, from, to, codes] of DATES) {
  test(claim, async () => {
    assert.deepEqual(codesOfKey(await jwkOf(pairOf(), { notBefore: after(from), notAfter: after(to) })), codes);
  });
}

test('days left are whole days, rounded down', async () => {
  const jwk = await jwkOf(pairOf(), { notAfter: after(12 * DAY - 1000) });
  assert.equal(readJwk(JSON.stringify(jwk), NOW).key?.certificate?.daysLeft, 11);
});

test('a certificate of another pair is refused', async () => {
  const other = (await certificateOf(pairOf('second'))).toString('base64');
  assert.deepEqual(codesOfKey({ ...(await jwkOf()), x5c: [other] }), ['jwk-x5c-other-key']);
});

test('x5c in base64url, as PEM, of PEM, or with something behind the certificate is refused', async () => {
  const der = await certificateOf(pairOf());
  const pem = `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`;
  const trailing = Buffer.concat([der, Buffer.from([0, 0, 0])]).toString('base64');
  const url = `${der.toString('base64url').replace(/.$/, '_')}`;
  for (const item of [url, pem, Buffer.from(pem).toString('base64'), trailing]) {
    assert.deepEqual(codesOfKey({ ...(await jwkOf()), x5c: [item] }), ['jwk-x5c-encoding']);
  }
});

test('a chain is read by its first certificate', async () => {
  const [own, other] = [await certificateOf(pairOf()), await certificateOf(pairOf('second'))];
  assert.deepEqual(codesOfKey({ ...(await jwkOf()), x5c: [own, other].map((der) => der.toString('base64')) }), []);
});

test('the certificate of an elliptic curve key is of another key', async () => {
  const certificate = await ellipticCertificate();
  assert.deepEqual(codesOfKey({ ...(await jwkOf()), x5c: [certificate.toString('base64')] }), ['jwk-x5c-other-key']);
});

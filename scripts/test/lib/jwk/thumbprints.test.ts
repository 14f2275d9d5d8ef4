import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readJwk } from '../../../lib/jwk';
import { thumbprintsIn } from '../../../lib/jwk/thumbprints';
import { createCertificate, keyPair, NOW, publicJwk } from './test-keys';

test('finds the key of a certificate in x5c in any spelling, also beside a private key', async () => {
  const [own, other] = [await publicJwk(), keyPair('other')];
  const expected = readJwk(JSON.stringify(await publicJwk(other)), NOW).key?.thumbprint;
  const base64 = (await createCertificate(other)).toString('base64');
  const pem = `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`;
  const privatePem = other.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const spellings = [base64, pem, pem.replaceAll('\n', ' '), pem.replaceAll('\n', '\\n'), pem.replace(/^/gm, '  ')];
  for (const x5c of [...spellings, privatePem + pem, Buffer.from(pem).toString('base64')])
    assert.deepEqual(thumbprintsIn(JSON.stringify({ ...own, x5c: [x5c] })).slice(1), [expected], x5c.slice(0, 40));
  for (const x5c of ['', 'AAAA', '-----BEGIN CERTIFICATE-----', base64.slice(0, 200)])
    assert.deepEqual(thumbprintsIn(JSON.stringify({ ...own, x5c: [x5c] })).slice(1), [], x5c.slice(0, 40));
});

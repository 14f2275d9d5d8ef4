import 'reflect-metadata';
import { X509CertificateGenerator } from '@peculiar/x509';
import { webcrypto } from 'node:crypto';

const RSA = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  publicExponent: new Uint8Array([1, 0, 1]),
} as const;

const DAY_MS = 24 * 60 * 60 * 1000;

/** Creates a JSON web key for upload, with a self-signed certificate that expires after a number of days. */
export async function uploadedKey(daysLeft = 365, modulusLength = 2048): Promise<Record<string, unknown>> {
  const keys = await webcrypto.subtle.generateKey({ ...RSA, modulusLength }, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=Customer Identity',
    notBefore: new Date(Date.now() - 30 * DAY_MS),
    // One more minute, so that the remaining days don't depend on the speed of the test.
    notAfter: new Date(Date.now() + daysLeft * DAY_MS + 60_000),
    signingAlgorithm: RSA,
    keys,
  });
  const { n, e } = await webcrypto.subtle.exportKey('jwk', keys.publicKey);
  const x5c = [Buffer.from(certificate.rawData).toString('base64')];
  return { kty: 'RSA', kid: 'key-1', alg: 'RS256', use: 'sig', n, e, x5c };
}

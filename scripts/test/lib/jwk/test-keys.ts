import 'reflect-metadata';
import { generateKeyPairSync, webcrypto, type KeyObject } from 'node:crypto';
import { BasicConstraintsExtension, X509CertificateGenerator } from '@peculiar/x509';

/** The fixed time of all tests, so that no certificate depends on the current date. */
export const NOW = new Date('2026-10-01T12:00:00Z');
export const DAY_MS = 24 * 60 * 60 * 1000;

export type Jwk = Record<string, unknown>;

export interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

const keyPairs = new Map<string, KeyPair>();

/** An RSA key pair. `name` distinguishes pairs of the same size. Generation is slow, so each pair is generated once. */
export function keyPair(name = 'first', modulusLength = 2048): KeyPair {
  const existing = keyPairs.get(`${name} ${modulusLength}`);
  const pair = existing ?? generateKeyPairSync('rsa', { modulusLength });
  keyPairs.set(`${name} ${modulusLength}`, pair);
  return pair;
}

export interface Validity {
  readonly notBefore?: Date;
  readonly notAfter?: Date;
}

const RS256 = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };

/** A self-signed certificate of a key pair in DER. By default, it is valid from 1 day before NOW until 1 year after. */
export async function createCertificate(pair: KeyPair, validity: Validity = {}): Promise<Buffer> {
  const keys = {
    publicKey: await importKey('spki', pair.publicKey.export({ type: 'spki', format: 'der' }), ['verify']),
    privateKey: await importKey('pkcs8', pair.privateKey.export({ type: 'pkcs8', format: 'der' }), ['sign']),
  };
  const { notBefore = new Date(NOW.getTime() - DAY_MS), notAfter = new Date(NOW.getTime() + 365 * DAY_MS) } = validity;
  const options = { serialNumber: '01', name: 'CN=Test', notBefore, notAfter, signingAlgorithm: RS256, keys };
  return Buffer.from((await X509CertificateGenerator.createSelfSigned(options, webcrypto)).rawData);
}

/** A self-signed certificate of a certificate authority, for the key pair, in DER. */
export async function createAuthorityCertificate(pair: KeyPair): Promise<Buffer> {
  const keys = {
    publicKey: await importKey('spki', pair.publicKey.export({ type: 'spki', format: 'der' }), ['verify']),
    privateKey: await importKey('pkcs8', pair.privateKey.export({ type: 'pkcs8', format: 'der' }), ['sign']),
  };
  const dates = { notBefore: new Date(NOW.getTime() - DAY_MS), notAfter: new Date(NOW.getTime() + 365 * DAY_MS) };
  const extensions = [new BasicConstraintsExtension(true, undefined, true)];
  const options = { ...dates, name: 'CN=Shop Root CA', signingAlgorithm: RS256, keys, extensions };
  return Buffer.from((await X509CertificateGenerator.createSelfSigned(options, webcrypto)).rawData);
}

const importKey = (format: 'spki' | 'pkcs8', der: Buffer, usages: webcrypto.KeyUsage[]): Promise<webcrypto.CryptoKey> =>
  webcrypto.subtle.importKey(format, der, RS256, true, usages);

/** A certificate of an elliptic curve key in DER. */
export async function createEcCertificate(): Promise<Buffer> {
  const signingAlgorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await webcrypto.subtle.generateKey(signingAlgorithm, true, ['sign', 'verify']);
  const options = {
    name: 'CN=Curve',
    notBefore: NOW,
    notAfter: new Date(NOW.getTime() + 365 * DAY_MS),
    signingAlgorithm,
    keys,
  };
  return Buffer.from((await X509CertificateGenerator.createSelfSigned(options, webcrypto)).rawData);
}

/** The JWK of a public key that Salesforce accepts. */
export async function publicJwk(pair: KeyPair = keyPair(), validity: Validity = {}): Promise<Jwk> {
  const { n, e } = pair.publicKey.export({ format: 'jwk' });
  const x5c = [(await createCertificate(pair, validity)).toString('base64')];
  return { kty: 'RSA', kid: 'key-1', alg: 'RS256', use: 'sig', n, e, x5c };
}

/** The private members of a key pair, which must never be published. */
export const privateMembers = (pair: KeyPair = keyPair()): Jwk => {
  const { n: _n, e: _e, kty: _kty, ...members } = pair.privateKey.export({ format: 'jwk' });
  return members;
};

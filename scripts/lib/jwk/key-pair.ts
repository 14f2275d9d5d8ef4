import 'reflect-metadata';
import { randomBytes, webcrypto } from 'node:crypto';
import { Pkcs10CertificateRequestGenerator, X509CertificateGenerator } from '@peculiar/x509';

const DAY = 24 * 60 * 60 * 1000;
const HASHES = { RS256: 'SHA-256', RS512: 'SHA-512' } as const;

export interface KeyPairOptions {
  readonly bits: 2048 | 4096;
  readonly alg: keyof typeof HASHES;
}

/** A new key pair. The private key exists in this process only until `privatePem` is written. */
export interface KeyPair {
  /** DER (SubjectPublicKeyInfo). */
  readonly publicKey: Buffer;
  /** PKCS#8, PEM. */
  privatePem(): Promise<string>;
  /** DER of a self-signed certificate. */
  certificate(subject: string, now: Date, days: number): Promise<Buffer>;
  /** PEM of a certificate signing request (PKCS#10). */
  request(subject: string): Promise<string>;
}

/** Generates an RSA key pair. */
export async function generateKeyPair({ bits, alg }: KeyPairOptions): Promise<KeyPair> {
  const signingAlgorithm = { name: 'RSASSA-PKCS1-v1_5', hash: HASHES[alg] };
  const algorithm = { ...signingAlgorithm, modulusLength: bits, publicExponent: new Uint8Array([1, 0, 1]) };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  return {
    publicKey: Buffer.from(await webcrypto.subtle.exportKey('spki', keys.publicKey)),
    privatePem: async () => pem('PRIVATE KEY', await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)),
    certificate: async (subject, now, days) => {
      const options = { ...validity(now, days), serialNumber: serial(), name: subject, signingAlgorithm, keys };
      return Buffer.from((await X509CertificateGenerator.createSelfSigned(options, webcrypto)).rawData);
    },
    request: async (subject) => {
      const options = { name: subject, keys, signingAlgorithm };
      return pem('CERTIFICATE REQUEST', (await Pkcs10CertificateRequestGenerator.create(options, webcrypto)).rawData);
    },
  };
}

/** Starts one day in the past, because the clock of an org can be slow. */
const validity = (now: Date, days: number): { readonly notBefore: Date; readonly notAfter: Date } => ({
  notBefore: new Date(now.getTime() - DAY),
  notAfter: new Date(now.getTime() + days * DAY),
});

/** A positive number, as RFC 5280 (section 4.1.2.2) requires. */
const serial = (): string => `1${randomBytes(16).toString('hex').slice(1)}`;

const pem = (label: string, der: ArrayBuffer): string => {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
};

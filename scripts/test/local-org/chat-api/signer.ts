import 'reflect-metadata';
import { X509CertificateGenerator } from '@peculiar/x509';
import { constants, sign, webcrypto, type KeyObject, KeyObject as Keys } from 'node:crypto';

const RSA = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', publicExponent: new Uint8Array([1, 0, 1]) } as const;
const DAY_MS = 24 * 60 * 60 * 1000;

/** A key pair that signs identity tokens, with the public key as a JSON web key. */
export interface Signer {
  readonly privateKey: KeyObject;
  readonly jwk: Readonly<Record<string, unknown>>;
}

/** Creates a key pair with a self-signed certificate. */
export async function createSigner(kid = 'key-1', daysLeft = 365): Promise<Signer> {
  const keys = await webcrypto.subtle.generateKey({ ...RSA, modulusLength: 2048 }, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=Customer Identity',
    notBefore: new Date(Date.now() - 30 * DAY_MS),
    notAfter: new Date(Date.now() + daysLeft * DAY_MS),
    signingAlgorithm: RSA,
    keys,
  });
  const { n, e } = await webcrypto.subtle.exportKey('jwk', keys.publicKey);
  const x5c = [Buffer.from(certificate.rawData).toString('base64')];
  const jwk = { kty: 'RSA', kid, alg: 'RS256', use: 'sig', n, e, x5c };
  return { privateKey: Keys.from(keys.privateKey), jwk };
}

const HASH_ALGORITHMS: Readonly<Record<string, string>> = {
  RS256: 'RSA-SHA256',
  RS384: 'RSA-SHA384',
  RS512: 'RSA-SHA512',
  PS256: 'RSA-SHA256',
};

/** Signs a compact JWT with node:crypto only. */
export function signJwt(header: object, claims: object, key: KeyObject): string {
  const { alg = '' } = header as { alg?: string };
  const content = `${base64url(header)}.${base64url(claims)}`;
  return `${content}.${signature(alg, content, key)}`;
}

function signature(alg: string, content: string, key: KeyObject): string {
  const padding = alg === 'PS256' ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING;
  return sign(HASH_ALGORITHMS[alg], Buffer.from(content), { key, padding }).toString('base64url');
}

export const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

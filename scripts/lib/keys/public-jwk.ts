import { createPublicKey, type KeyObject, type X509Certificate } from 'node:crypto';
import { readJwk } from '../jwk';

/** A public key as Salesforce takes it, and nothing else: a private member has no place in it. */
export interface PublicJwk {
  readonly kid: string;
  readonly alg: string;
  readonly use: 'sig';
  readonly kty: 'RSA';
  readonly x5c?: readonly string[];
  readonly n: string;
  readonly e: string;
}

/** What a key is called, and what it signs with. */
export interface Naming {
  /** Left out, the RFC 7638 thumbprint. */
  readonly kid?: string | undefined;
  readonly alg: string;
}

/** The JWK of an RSA public key with its certificate, both as DER or as objects of node:crypto. */
export function publicJwk(
  publicKey: Buffer | KeyObject,
  certificate: Buffer | X509Certificate,
  naming: Naming,
): PublicJwk {
  const key = Buffer.isBuffer(publicKey) ? createPublicKey({ key: publicKey, format: 'der', type: 'spki' }) : publicKey;
  const { n = '', e = '' } = key.export({ format: 'jwk' });
  const der = Buffer.isBuffer(certificate) ? certificate : certificate.raw;
  const { kid, alg } = naming;
  return { kid: kid ?? thumbprint(n, e), alg, use: 'sig', kty: 'RSA', x5c: [der.toString('base64')], n, e };
}

/** RFC 7638 names a key by what cannot change about it. */
const thumbprint = (n: string, e: string): string =>
  readJwk(JSON.stringify({ kty: 'RSA', n, e }), new Date(0), 'endpoint').key?.thumbprint ?? '';

/** The text of a JWK, a member a line. */
export const jwkText = (jwk: PublicJwk): string => JSON.stringify(jwk, null, 2);

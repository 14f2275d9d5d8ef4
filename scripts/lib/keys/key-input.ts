import { X509Certificate, createPublicKey, type KeyObject } from 'node:crypto';
import { compromisedKeyText, type CompromisedKey, type Finding, type Severity, npmRun } from '../model';
import { readJwk, type JwkProblem } from '../jwk';

/** Bytes that should contain a public key. */
export interface KeyInput {
  /** The file or URL, for findings. */
  readonly from: string;
  readonly bytes: Buffer;
}

/** The values that flags or the existing key require. */
export interface KeyConstraints {
  readonly kid?: string | undefined;
  readonly alg?: string | undefined;
  /** The certificate for a key without one. */
  readonly certificate?: X509Certificate | undefined;
  readonly now: Date;
}

/** A public key that Salesforce accepts, or all reasons why it doesn't. */
export type ParseResult =
  | { readonly jwk: PublicJwk; readonly notes: readonly Finding[] }
  | { readonly jwk?: undefined; readonly findings: readonly Finding[] };

export const reject = (from: string, rule: string, message: string, fix: string): ParseResult => ({
  findings: [finding(from, 'error', rule, message, fix)],
});

export const finding = (file: string, severity: Severity, rule: string, message: string, fix: string): Finding => ({
  rule,
  severity,
  component: '',
  path: '',
  file,
  line: 0,
  message,
  fix,
});

/** Returns a problem of a JWK as a finding. */
export const keyFinding = (file: string, { code, severity, message, fix }: JwkProblem): Finding =>
  finding(file, severity, code, message, fix);

/** A key whose key pair a rotation marked as compromised. */
export const compromisedKeyFinding = (file: string, key: CompromisedKey): Finding =>
  finding(
    ...([file, 'error', 'compromised-key', `The key has the key pair of ${compromisedKeyText(key)}.`] as const),
    `Create a key pair: ${npmRun('keys', 'new', 'NAME', '--private-key', 'FILE')}`,
  );

/** Validates a key with its certificate by the rules of `check`. */
export function validateKey(from: string, jwk: PublicJwk, now: Date, notes: readonly Finding[] = []): ParseResult {
  const problems = readJwk(jwkText(jwk), now).problems.map((problem) => keyFinding(from, problem));
  return problems.some(({ severity }) => severity === 'error')
    ? { findings: problems }
    : { jwk, notes: [...notes, ...problems] };
}

/** A public key as Salesforce accepts it. It can't contain a private member. */
export interface PublicJwk {
  readonly kid: string;
  readonly alg: string;
  readonly use: 'sig';
  readonly kty: 'RSA';
  readonly x5c?: readonly string[];
  readonly n: string;
  readonly e: string;
}

/** The kid and the algorithm of a key. */
export interface KeyNaming {
  /** Default: the JWK thumbprint (RFC 7638). */
  readonly kid?: string | undefined;
  readonly alg: string;
}

/** Returns the JWK of an RSA public key with its certificate, both as DER or as objects of node:crypto. */
export function publicJwk(
  publicKey: Buffer | KeyObject,
  certificate: Buffer | X509Certificate,
  naming: KeyNaming,
): PublicJwk {
  const key = Buffer.isBuffer(publicKey) ? createPublicKey({ key: publicKey, format: 'der', type: 'spki' }) : publicKey;
  const { n = '', e = '' } = key.export({ format: 'jwk' });
  const der = Buffer.isBuffer(certificate) ? certificate : certificate.raw;
  const { kid, alg } = naming;
  return { kid: kid ?? thumbprint(n, e), alg, use: 'sig', kty: 'RSA', x5c: [der.toString('base64')], n, e };
}

const thumbprint = (n: string, e: string): string =>
  readJwk(JSON.stringify({ kty: 'RSA', n, e }), new Date(0), 'endpoint').key?.thumbprint ?? '';

/** Returns the JWK as text, one member per line. */
export const jwkText = (jwk: PublicJwk): string => JSON.stringify(jwk, null, 2);

import { X509Certificate, type JsonWebKeyInput } from 'node:crypto';
import { parseJsonObject } from '../files';
import { textAt, type Component } from '../model';
import type { KeyDelivery } from './members';
import { readJwk, type JwkResult, type PublicKeyFacts } from './read';

/** Reads the JSON web key of a PublicKeyCertificate. A component without a key has the problem of an empty text. */
export const readKeyComponent = (key: Component, now: Date, delivery: KeyDelivery = 'uploaded'): JwkResult =>
  readJwk(textAt(key.root, 'jsonWebKey') ?? '', now, delivery);

/**
 * The kid, algorithm, thumbprint, and certificate of a PublicKeyCertificate; undefined if it can't be read. Without `now`,
 * ignore `daysLeft` of the certificate.
 */
export const keyFactsOf = (key: Component | undefined, now = new Date(0)): PublicKeyFacts | undefined =>
  key && readKeyComponent(key, now).key;

/** The problems of a certificate that come and go with time. */
export const DATE_PROBLEMS: readonly string[] = ['jwk-x5c-expired', 'jwk-x5c-expires-soon', 'jwk-x5c-not-yet-valid'];

/**
 * Whether Salesforce rejects a key that it once accepted in every deploy, even as an inactive key, because of the dates of its
 * certificate.
 */
export const hasDateProblem = (key: Component, now: Date): boolean =>
  readKeyComponent(key, now).problems.some(({ code }) => DATE_PROBLEMS.includes(code));

/**
 * Whether a certificate (PEM) belongs to the key pair of a PublicKeyCertificate: n and e are equal. False if one can't be read.
 */
export function signsForKey(certificate: string, key: Component | undefined): boolean {
  const members = parseJsonObject((key && textAt(key.root, 'jsonWebKey')) ?? '');
  const publicKey = publicJwkOf(certificate);
  return (
    members !== undefined && publicKey?.n !== undefined && members['n'] === publicKey.n && members['e'] === publicKey.e
  );
}

/** Whether two certificates belong to the same key pair. */
export function hasSameKey(one: string, other: string): boolean {
  const [left, right] = [one, other].map(publicJwkOf);
  return left?.n !== undefined && left.n === right?.n && left.e === right?.e;
}

function publicJwkOf(certificate: string): JsonWebKeyInput['key'] | undefined {
  try {
    return new X509Certificate(certificate).publicKey.export({ format: 'jwk' });
  } catch {
    return undefined;
  }
}

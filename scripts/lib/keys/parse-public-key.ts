import { createPublicKey, X509Certificate, type KeyObject } from 'node:crypto';
import { readJson } from '../files';
import {
  certificateMapOf,
  certificatesOf,
  LAYOUT_MESSAGES,
  readKeyFile,
  selectLeaf,
  type KeyFileProblem,
  type KeyItem,
  type Layout,
  type LeafReading,
} from '../key-files';
import { npmRun, pluralize, type Finding } from '../model';
import {
  finding,
  publicJwk,
  reject,
  validateKey,
  type KeyConstraints,
  type KeyInput,
  type ParseResult,
} from './key-input';
import { parseJsonKey } from './json-key';

/**
 * Parses a public key from PEM, DER, or JSON. Never throws; an invalid input yields findings. No message repeats any part of the
 * input, because it can be a secret, except for subjects of certificates and names of JSON members.
 */
export function parsePublicKey({ from, bytes }: KeyInput, constraints: KeyConstraints): ParseResult {
  const file = readKeyFile(bytes, 'public');
  if ('problem' in file) return { findings: [problemFinding(from, file.problem)] };
  const result = 'json' in file ? parseJson(from, file.json, constraints) : parseItems(from, file.items, constraints);
  return result.jwk ? { ...result, notes: [...layoutNotes(from, file.layouts), ...result.notes] } : result;
}

function parseJson(from: string, text: string, constraints: KeyConstraints): ParseResult {
  const { value, problems } = readJson(text);
  const certificates = problems.length === 0 ? certificateMapOf(value) : undefined;
  return certificates ? parseCertificateMap(from, certificates, constraints) : parseJsonKey(from, text, constraints);
}

/**
 * A map from kid to certificate has the keys of a provider, which replaces them. The selected one is imported with its kid; a
 * name is never taken for a kid without --kid.
 */
function parseCertificateMap(
  from: string,
  certificates: ReadonlyMap<string, string>,
  constraints: KeyConstraints,
): ParseResult {
  const kids = [...certificates.keys()];
  const { kid } = constraints;
  const pem = certificates.get(kid ?? '');
  if (pem !== undefined) return parsePublicKey({ from, bytes: Buffer.from(pem) }, { ...constraints, kid });
  return reject(
    from,
    kid === undefined ? 'jwks-several' : 'jwks-none',
    `The input is a map from kid to certificate with ${pluralize(kids.length, 'key')}. It isn't a JWKS document, so a keyset can't use its URL.`,
    `Use a keyset of type JWKS_URL with the JWKS URL of the provider, because the provider replaces its keys. Or select one: --kid ${kids
      .slice(0, 5)
      .map((each) => each.slice(0, 100))
      .join(' or --kid ')}.`,
  );
}

export const problemFinding = (from: string, { code, message, fix }: KeyFileProblem): Finding =>
  finding(from, 'error', code, message, fix);

const layoutNotes = (from: string, layouts: readonly Layout[]): readonly Finding[] =>
  layouts.map((layout) => finding(from, 'note', 'key-layout', LAYOUT_MESSAGES[layout], LAYOUT_NOTE_FIX));

const LAYOUT_NOTE_FIX = 'No action is required: the key was read. Other programs can reject the file.';

function parseItems(from: string, items: readonly KeyItem[], constraints: KeyConstraints): ParseResult {
  const certificates = certificatesOf(items);
  if (certificates.length > 0) return parseCertificates(from, selectLeaf(certificates), constraints);
  const [key, ...others] = items;
  if (!key || others.length === 0) return parsePublicKeyItem(from, key, constraints);
  return reject(
    from,
    'key-several',
    `The input contains ${items.length} public keys.`,
    'Specify a file with one of them.',
  );
}

function parseCertificates(from: string, reading: LeafReading, constraints: KeyConstraints): ParseResult {
  if ('problem' in reading) return { findings: [problemFinding(from, reading.problem)] };
  const { leaf, note } = reading;
  const key = publicKeyOf(leaf);
  if (!key) return rejectNonRsa(from);
  const { kid, alg = 'RS256', now } = constraints;
  const notes = note ? [finding(from, 'note', note.code, note.message, note.fix)] : [];
  return validateKey(from, publicJwk(key, leaf, { kid, alg }), now, notes);
}

function parsePublicKeyItem(
  from: string,
  item: KeyItem | undefined,
  { kid, alg = 'RS256', certificate, now }: KeyConstraints,
): ParseResult {
  const key = item && readPublicKey(item.der);
  if (!key)
    return reject(from, 'pem-unreadable', "The PEM public key can't be read.", 'Copy it again, from BEGIN to END.');
  if (key.asymmetricKeyType !== 'rsa') return rejectNonRsa(from);
  if (!certificate)
    return reject(
      from,
      'certificate-missing',
      'The public key has no certificate (x5c), which Salesforce requires.',
      'Specify the certificate: --certificate <file>.',
    );
  return validateKey(from, publicJwk(key, certificate, { kid, alg }), now);
}

const rejectNonRsa = (from: string): ParseResult =>
  reject(
    from,
    'jwk-not-rsa',
    "The key isn't an RSA key. Salesforce accepts RS256 and RS512 only.",
    `Create an RSA key: ${npmRun('keys', 'new', 'NAME', '--private-key', 'FILE')}`,
  );

const readPublicKey = (der: Buffer): KeyObject | undefined =>
  tryRead(() => createPublicKey({ key: der, format: 'der', type: 'spki' })) ??
  tryRead(() => createPublicKey({ key: der, format: 'der', type: 'pkcs1' }));

function publicKeyOf(certificate: X509Certificate): KeyObject | undefined {
  const key = tryRead(() => certificate.publicKey);
  return key?.asymmetricKeyType === 'rsa' ? key : undefined;
}

/** Errors of node:crypto can repeat the input, so they are dropped. */
function tryRead<T>(reader: () => T): T | undefined {
  try {
    return reader();
  } catch {
    return undefined;
  }
}

/** Reads the certificate of a key (--certificate), or returns the reason why the file has none. */
export function parseCertificateFile({
  from,
  bytes,
}: KeyInput): X509Certificate | { readonly findings: readonly Finding[] } {
  const file = readKeyFile(bytes, 'public');
  if ('problem' in file) return { findings: [problemFinding(from, file.problem)] };
  const certificates = 'items' in file ? certificatesOf(file.items) : [];
  const reading = certificates.length > 0 ? selectLeaf(certificates) : NO_CERTIFICATE;
  return 'problem' in reading ? { findings: [problemFinding(from, reading.problem)] } : reading.leaf;
}

const NO_CERTIFICATE: LeafReading = {
  problem: {
    code: 'pem-kind',
    message: 'The --certificate file contains no certificate.',
    fix: 'Specify a file with BEGIN CERTIFICATE.',
  },
};

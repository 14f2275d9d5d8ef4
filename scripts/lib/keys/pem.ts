import { npmRun } from '../model';
import { createPublicKey, X509Certificate, type KeyObject } from 'node:crypto';
import { finding, validateKey, reject, type ParseResult, type KeyConstraints, publicJwk } from './key-input';

/** The text of a block contains no further line of dashes, so that a block without an end takes linear time. */
const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----[^-]*(?:-(?!----)[^-]*)*-----END \1-----/g;
const PEM_FIX = 'Specify a PEM certificate (BEGIN CERTIFICATE), or a PEM public key with --certificate.';

/** PEM blocks that users confuse with a public key. */
const MISTAKEN_BLOCKS: Readonly<Record<string, string>> = {
  'CERTIFICATE REQUEST': 'The PEM block is a signing request. The CA creates the certificate from it.',
  'NEW CERTIFICATE REQUEST': 'The PEM block is a signing request. The CA creates the certificate from it.',
  'X509 CRL': 'The PEM block is a list of revoked certificates.',
  PKCS7: 'The PEM block is a PKCS#7 bundle.',
  CMS: 'The PEM block is a CMS bundle.',
  'EC PARAMETERS': 'The PEM block contains elliptic curve parameters. Salesforce accepts RSA keys only.',
  'SSH2 PUBLIC KEY': 'The PEM block is an SSH key.',
  'PGP PUBLIC KEY BLOCK': 'The PEM block is a PGP key.',
};

/** Parses the public key of a PEM text: a certificate, or a public key with the certificate of `constraints`. */
export function parsePem(from: string, text: string, constraints: KeyConstraints): ParseResult {
  const blocks = [...text.matchAll(BLOCK)].map(([block, label = '']) => ({ block, label }));
  const certificates = blocks.filter(({ label }) => /^(X509 |TRUSTED )?CERTIFICATE$/.test(label));
  if (certificates[0]) return parseCertificate(from, certificates[0].block, certificates.length, constraints);
  const key = blocks.find(({ label }) => label === 'PUBLIC KEY' || label === 'RSA PUBLIC KEY');
  if (key) return parsePublicKeyBlock(from, key.block, constraints);
  const [first] = blocks;
  if (!first) return reject(from, 'pem-cut-off', 'The PEM text has no block with a BEGIN and an END line.', PEM_FIX);
  return reject(
    from,
    'pem-kind',
    MISTAKEN_BLOCKS[first.label] ?? 'The PEM block is neither a certificate nor a public key.',
    PEM_FIX,
  );
}

function parseCertificate(from: string, block: string, count: number, constraints: KeyConstraints): ParseResult {
  const certificate = readCertificate(block);
  if (!certificate)
    return reject(from, 'pem-unreadable', "The PEM certificate can't be read.", 'Copy it again, from BEGIN to END.');
  const key = publicKeyOf(certificate);
  if (!key) return rejectNonRsa(from);
  const chainNote = 'Only the first certificate is imported, because Salesforce verifies no certificate chain.';
  const notes = count > 1 ? [finding(from, 'note', 'pem-chain', chainNote, 'No action is needed.')] : [];
  return validateKey(
    from,
    publicJwk(key, certificate, { kid: constraints.kid, alg: constraints.alg ?? 'RS256' }),
    constraints.now,
    notes,
  );
}

function parsePublicKeyBlock(
  from: string,
  block: string,
  { kid, alg = 'RS256', certificate, now }: KeyConstraints,
): ParseResult {
  const key = tryRead(() => createPublicKey(block));
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

/** The certificate of a PEM text; undefined if it can't be read. */
export const readCertificate = (pem: string): X509Certificate | undefined => tryRead(() => new X509Certificate(pem));

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

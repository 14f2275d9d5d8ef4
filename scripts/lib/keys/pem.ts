import { createPublicKey, X509Certificate, type KeyObject } from 'node:crypto';
import { finding, validateKey, reject, type ParseResult, type KeyConstraints, publicJwk } from './key-input';
const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----[\s\S]*?-----END \1-----/g;
const PEM_FIX = 'Name a PEM certificate (BEGIN CERTIFICATE), or a PEM public key with --certificate.';

/** Blocks that are often mistaken for a public key, and what they are. */
const MISTAKEN_BLOCKS: Readonly<Record<string, string>> = {
  'CERTIFICATE REQUEST': 'It is a signing request; the certificate is what the CA makes of it.',
  'NEW CERTIFICATE REQUEST': 'It is a signing request; the certificate is what the CA makes of it.',
  'X509 CRL': 'It is a list of revoked certificates.',
  PKCS7: 'It is a PKCS#7 bundle.',
  CMS: 'It is a CMS bundle.',
  'EC PARAMETERS': 'It holds the parameters of an elliptic curve; Salesforce takes RSA keys only.',
  'SSH2 PUBLIC KEY': 'It is a key for SSH.',
  'PGP PUBLIC KEY BLOCK': 'It is a key for PGP.',
};

/** Takes the public key of a PEM text: a certificate, or a public key with its certificate beside it. */
export function parsePem(from: string, text: string, constraints: KeyConstraints): ParseResult {
  const blocks = [...text.matchAll(BLOCK)].map(([block, label = '']) => ({ block, label }));
  const certificates = blocks.filter(({ label }) => /^(X509 |TRUSTED )?CERTIFICATE$/.test(label));
  if (certificates[0]) return parseCertificate(from, certificates[0].block, certificates.length, constraints);
  const key = blocks.find(({ label }) => label === 'PUBLIC KEY' || label === 'RSA PUBLIC KEY');
  if (key) return parsePublicKeyBlock(from, key.block, constraints);
  const [first] = blocks;
  if (!first)
    return reject(from, 'pem-cut-off', 'The PEM text has no block with both a BEGIN and an END line.', PEM_FIX);
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
    return reject(
      from,
      'pem-unreadable',
      'The PEM certificate cannot be read.',
      'Copy it once more, from BEGIN to END.',
    );
  const key = publicKeyOf(certificate);
  if (!key) return rejectNonRsa(from);
  const chainNote = 'The first certificate is taken; those behind it are left out, for Salesforce verifies no chain.';
  const notes = count > 1 ? [finding(from, 'note', 'pem-chain', chainNote, 'Nothing has to be done.')] : [];
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
    return reject(
      from,
      'pem-unreadable',
      'The PEM public key cannot be read.',
      'Copy it once more, from BEGIN to END.',
    );
  if (key.asymmetricKeyType !== 'rsa') return rejectNonRsa(from);
  if (!certificate)
    return reject(
      from,
      'certificate-missing',
      'A public key alone is not enough: Salesforce asks for its certificate (x5c).',
      'Name the certificate too: --certificate FILE.',
    );
  return validateKey(from, publicJwk(key, certificate, { kid, alg }), now);
}

const rejectNonRsa = (from: string): ParseResult =>
  reject(
    from,
    'jwk-not-rsa',
    'The key is not an RSA key; Salesforce verifies RS256 and RS512 only.',
    'Make an RSA key: npm run keys -- new NAME.',
  );

/** The certificate of a PEM text; undefined where there is none that can be read. */
export const readCertificate = (pem: string): X509Certificate | undefined => tryRead(() => new X509Certificate(pem));

function publicKeyOf(certificate: X509Certificate): KeyObject | undefined {
  const key = tryRead(() => certificate.publicKey);
  return key?.asymmetricKeyType === 'rsa' ? key : undefined;
}

/** The reader of the platform throws with texts that may repeat what it read. */
function tryRead<T>(reader: () => T): T | undefined {
  try {
    return reader();
  } catch {
    return undefined;
  }
}

import { createPublicKey, X509Certificate, type KeyObject } from 'node:crypto';
import { finding, judged, refuse, type Taken, type Wanted } from './material';
import { publicJwk } from './public-jwk';

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----[\s\S]*?-----END \1-----/g;
const TAKE = 'Name a PEM certificate (BEGIN CERTIFICATE), or a PEM public key with --certificate.';

/** Blocks that are often mistaken for a public key, and what they are. */
const MISTAKEN: Readonly<Record<string, string>> = {
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
export function takePem(from: string, text: string, wanted: Wanted): Taken {
  const blocks = [...text.matchAll(BLOCK)].map(([block, label = '']) => ({ block, label }));
  const certificates = blocks.filter(({ label }) => /^(X509 |TRUSTED )?CERTIFICATE$/.test(label));
  if (certificates[0]) return takeCertificate(from, certificates[0].block, certificates.length, wanted);
  const key = blocks.find(({ label }) => label === 'PUBLIC KEY' || label === 'RSA PUBLIC KEY');
  if (key) return takeKey(from, key.block, wanted);
  const [first] = blocks;
  if (!first) return refuse(from, 'pem-cut-off', 'The PEM text has no block with both a BEGIN and an END line.', TAKE);
  return refuse(
    from,
    'pem-kind',
    MISTAKEN[first.label] ?? 'The PEM block is neither a certificate nor a public key.',
    TAKE,
  );
}

function takeCertificate(from: string, block: string, count: number, wanted: Wanted): Taken {
  const certificate = readCertificate(block);
  if (!certificate)
    return refuse(
      from,
      'pem-unreadable',
      'The PEM certificate cannot be read.',
      'Copy it once more, from BEGIN to END.',
    );
  const key = publicKeyOf(certificate);
  if (!key) return notRsa(from);
  const first = 'The first certificate is taken; those behind it are left out, for Salesforce verifies no chain.';
  const notes = count > 1 ? [finding(from, 'info', 'pem-chain', first, 'Nothing has to be done.')] : [];
  return judged(from, publicJwk(key, certificate, { kid: wanted.kid, alg: wanted.alg ?? 'RS256' }), wanted.now, notes);
}

function takeKey(from: string, block: string, { kid, alg = 'RS256', certificate, now }: Wanted): Taken {
  const key = read(() => createPublicKey(block));
  if (!key)
    return refuse(
      from,
      'pem-unreadable',
      'The PEM public key cannot be read.',
      'Copy it once more, from BEGIN to END.',
    );
  if (key.asymmetricKeyType !== 'rsa') return notRsa(from);
  if (!certificate)
    return refuse(
      from,
      'certificate-missing',
      'A public key alone is not enough: Salesforce asks for its certificate (x5c).',
      'Name the certificate too: --certificate FILE.',
    );
  return judged(from, publicJwk(key, certificate, { kid, alg }), now);
}

const notRsa = (from: string): Taken =>
  refuse(
    from,
    'jwk-not-rsa',
    'The key is not an RSA key; Salesforce verifies RS256 and RS512 only.',
    'Make an RSA key: npm run keys -- new NAME.',
  );

/** The certificate of a PEM text; undefined where there is none that can be read. */
export const readCertificate = (pem: string): X509Certificate | undefined => read(() => new X509Certificate(pem));

function publicKeyOf(certificate: X509Certificate): KeyObject | undefined {
  const key = read(() => certificate.publicKey);
  return key?.asymmetricKeyType === 'rsa' ? key : undefined;
}

/** The reader of the platform throws with texts that may repeat what it read. */
function read<T>(reader: () => T): T | undefined {
  try {
    return reader();
  } catch {
    return undefined;
  }
}

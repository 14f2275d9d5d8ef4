import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import {
  BasicConstraintsExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
  type X509Certificate,
} from '@peculiar/x509';

const DAY_MS = 24 * 60 * 60 * 1000;
const ECDSA = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** A certificate with its private key. */
export interface Issued {
  readonly certificate: X509Certificate;
  readonly keys: webcrypto.CryptoKeyPair;
}

interface CertificateOptions {
  readonly subject: string;
  /** Default: self-signed. */
  readonly issuer?: Issued;
  /** Host names and addresses. Without them, it is a certificate of an authority. */
  readonly hosts?: readonly string[];
  readonly validDays?: readonly [from: number, to: number];
}

export async function issueCertificate({
  subject,
  issuer,
  hosts,
  validDays = [-1, 90],
}: CertificateOptions): Promise<Issued> {
  const keys = await webcrypto.subtle.generateKey(ECDSA, true, ['sign', 'verify']);
  const [notBefore, notAfter] = validDays.map((days) => new Date(Date.now() + days * DAY_MS + 60_000));
  const names = (hosts ?? []).map((value) => ({
    type: /^[\d.]+$|:/.test(value) ? ('ip' as const) : ('dns' as const),
    value,
  }));
  const certificate = await X509CertificateGenerator.create(
    {
      subject: `CN=${subject}`,
      issuer: issuer?.certificate.subject ?? `CN=${subject}`,
      ...(notBefore && { notBefore }),
      ...(notAfter && { notAfter }),
      publicKey: keys.publicKey,
      signingKey: issuer?.keys.privateKey ?? keys.privateKey,
      signingAlgorithm: ECDSA,
      extensions: hosts
        ? [new SubjectAlternativeNameExtension(names)]
        : [new BasicConstraintsExtension(true, undefined, true)],
    },
    webcrypto,
  );
  return { certificate, keys };
}

/** The key and the certificates that a TLS server sends, as PEM. */
export async function serverIdentity(
  leaf: Issued,
  ...chain: readonly Issued[]
): Promise<{ readonly key: string; readonly cert: string }> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', leaf.keys.privateKey)).toString('base64');
  const lines = (der.match(/.{1,64}/g) ?? []).join('\n');
  return {
    key: `-----BEGIN ${'PRIVATE'} KEY-----\n${lines}\n-----END ${'PRIVATE'} KEY-----\n`,
    cert: [leaf, ...chain].map(({ certificate }) => certificate.toString('pem')).join('\n'),
  };
}

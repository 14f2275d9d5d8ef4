import { X509Certificate } from 'node:crypto';
import { isJsonObject, type JsonObject } from '../files';
import { isAuthority } from '../key-files';
import { npmRun, pluralize, readOnce } from '../model';
import { memberOf } from './members';
import { jwkProblem, type JwkProblem } from './problem';
import { readRsa, thumbprintOf, type RsaNumbers } from './rsa';

const DAY_MS = 24 * 60 * 60 * 1000;
const MIN_DAYS_LEFT = 10;
const RENEW_FIX =
  'Issue a new certificate for the same key pair, and replace x5c. Tokens stay valid, because the key does not change.';

/** Facts about the certificate of a key. */
export interface CertificateFacts {
  readonly subject: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Whole days until `notAfter`, rounded down; negative after that. */
  readonly daysLeft: number;
}

interface CertificateReading {
  readonly certificate?: CertificateFacts;
  readonly problems: readonly JwkProblem[];
}

/**
 * Reads x5c. The first certificate must be for the key itself (RFC 7517, section 4.7). The other certificates, a chain,
 * only have to be valid DER.
 */
export function readCertificate(members: JsonObject, numbers: RsaNumbers | undefined, now: Date): CertificateReading {
  const x5c = memberOf(members, 'x5c');
  if (x5c === undefined) return { problems: [missingProblem()] };
  if (!Array.isArray(x5c) || x5c.length === 0) {
    return { problems: [encodingProblem("x5c isn't an array with the certificate as its first item.")] };
  }
  const certificates: X509Certificate[] = [];
  for (const item of x5c) {
    const certificate =
      typeof item === 'string' ? decodeCertificate(item) : "x5c contains an item that isn't a string.";
    // The first problem is enough: each certificate takes time.
    if (typeof certificate === 'string') return { problems: [encodingProblem(certificate)] };
    certificates.push(certificate);
  }
  const [leaf] = certificates;
  return leaf ? inspectCertificate(leaf, numbers, now) : { problems: [] };
}

function missingProblem(): JwkProblem {
  const message =
    'x5c is missing. Salesforce rejects the key, or it accepts the key and then silently rejects all of its tokens.';
  const fix =
    'Add "x5c": ["<certificate>"] with the DER certificate of this key in standard base64. It can be self-signed.';
  return jwkProblem('jwk-x5c-missing', message, fix);
}

const encodingProblem = (message: string): JwkProblem =>
  jwkProblem(
    'jwk-x5c-encoding',
    message,
    'Use the lines between BEGIN and END CERTIFICATE of the PEM file as x5c, joined into one line.',
  );

const STANDARD_BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** The certificate, or the problem with its text. */
const decodeCertificate = readOnce((text: string): X509Certificate | string => {
  if (!STANDARD_BASE64.test(text)) return base64Problem(text);
  const der = Buffer.from(text, 'base64');
  try {
    const certificate = new X509Certificate(der);
    return certificate.raw.equals(der) ? certificate : 'An item of x5c contains more than one DER certificate.';
  } catch {
    return "x5c is base64, but it isn't a DER certificate.";
  }
});

function base64Problem(text: string): string {
  if (text.includes('-----'))
    return 'x5c contains PEM text. It must be only the base64 between the BEGIN and END lines.';
  return /[-_]/.test(text)
    ? 'x5c is base64url. Unlike n and e, a certificate must be in standard base64, with + and /.'
    : "x5c isn't standard base64.";
}

function inspectCertificate(x509: X509Certificate, numbers: RsaNumbers | undefined, now: Date): CertificateReading {
  const [notBefore, notAfter] = [x509.validFromDate, x509.validToDate];
  const daysLeft = Math.floor((notAfter.getTime() - now.getTime()) / DAY_MS);
  if (!Number.isFinite(daysLeft + notBefore.getTime()))
    return { problems: [encodingProblem('The dates of the certificate are invalid.')] };
  const subject = (x509.subject ?? '').replaceAll('\n', ', ');
  const certificate = { subject, notBefore, notAfter, daysLeft };
  const problems = [
    ...keyProblems(x509, numbers),
    ...authorityProblems(x509, subject),
    ...dateProblems(certificate, now),
  ];
  return { certificate, problems };
}

/** A CA signs certificates. Its key doesn't sign tokens, unless one key pair is used for both. */
function authorityProblems(x509: X509Certificate, subject: string): readonly JwkProblem[] {
  if (!isAuthority(x509)) return [];
  const message = `The certificate is the one of a certificate authority (${subject.slice(0, 100)}), which signs certificates, not tokens. If its key doesn't sign your tokens, all of them are rejected.`;
  const fix = `Import the certificate of the key that signs your tokens: ${npmRun('keys', 'import', 'NAME', '--from', 'FILE')}`;
  return [jwkProblem('jwk-x5c-ca', message, fix)];
}

function keyProblems(x509: X509Certificate, numbers: RsaNumbers | undefined): readonly JwkProblem[] {
  if (!numbers || certificateThumbprint(x509) === thumbprintOf(numbers)) return [];
  const message = "The certificate in x5c doesn't match the key in n and e.";
  return [jwkProblem('jwk-x5c-other-key', message, 'Use the certificate and the n and e of the same key pair.')];
}

/** The thumbprint of the key in a certificate; undefined for a key that isn't RSA. */
export function certificateThumbprint(x509: X509Certificate): string | undefined {
  try {
    const jwk: unknown = x509.publicKey.export({ format: 'jwk' });
    const numbers = isJsonObject(jwk) ? readRsa(jwk).numbers : undefined;
    return numbers && thumbprintOf(numbers);
  } catch {
    return undefined;
  }
}

/** The limit of 10 days is exact to the second. */
function dateProblems({ notBefore, notAfter, daysLeft }: CertificateFacts, now: Date): readonly JwkProblem[] {
  const [from, until] = [notBefore, notAfter].map((date) => date.toISOString().slice(0, 10));
  if (now > notAfter)
    return [
      jwkProblem('jwk-x5c-expired', `The certificate expired on ${until}. Salesforce rejects the key.`, RENEW_FIX),
    ];
  const problems: JwkProblem[] = [];
  if (now < notBefore) {
    const fix = 'Wait until then, or issue a certificate that is valid now.';
    problems.push(jwkProblem('jwk-x5c-not-yet-valid', `The certificate isn't valid until ${from}.`, fix));
  }
  if (notAfter.getTime() - now.getTime() < MIN_DAYS_LEFT * DAY_MS) {
    const message = `The certificate expires on ${until} (in ${pluralize(daysLeft, 'day')}). Salesforce requires at least ${MIN_DAYS_LEFT} days.`;
    problems.push(jwkProblem('jwk-x5c-expires-soon', message, RENEW_FIX));
  }
  return problems;
}

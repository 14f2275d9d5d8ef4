import type { X509Certificate } from 'node:crypto';
import { pluralize } from '../model';
import { keyUsageOf } from './der';
import { keyFileProblem, type KeyFileProblem } from './problem';

/** The certificate of the signing key among the certificates of a file, or the reason why it isn't known. */
export type LeafReading =
  { readonly leaf: X509Certificate; readonly note?: KeyFileProblem } | { readonly problem: KeyFileProblem };

/**
 * Selects the certificate of the signing key, in any order of a chain: the only one that is no CA certificate and issued no other
 * one. A CA certificate is never selected. A self-signed certificate alone can't be told from a root by its structure, because
 * `openssl req -x509` marks each certificate as a CA certificate; it's a CA certificate if its key usage or its name says so.
 */
export function selectLeaf(certificates: readonly X509Certificate[]): LeafReading {
  const distinct = [...new Map(certificates.map((each) => [each.fingerprint256, each])).values()];
  const [only] = distinct;
  if (only && distinct.length === 1) return readSingle(only);
  const issuers = new Set(distinct.filter((each) => each.subject !== each.issuer).map(({ issuer }) => issuer));
  const leaves = distinct.filter((each) => !each.ca && !issuers.has(each.subject));
  const [leaf] = leaves;
  if (leaf && leaves.length === 1) return { leaf, note: chainNote(leaf, distinct.length) };
  return { problem: leaf ? severalProblem(leaves) : authorityProblem(distinct) };
}

function readSingle(certificate: X509Certificate): LeafReading {
  if (!certificate.ca) return { leaf: certificate };
  const isRoot = keyUsageOf(certificate.raw)?.signsCertificates ?? AUTHORITY_NAME.test(certificate.subject);
  if (isRoot || certificate.subject !== certificate.issuer) return { problem: authorityProblem([certificate]) };
  const message =
    'The certificate is self-signed and marked as a CA certificate, as openssl req -x509 does. Its key is imported as a signing key.';
  const fix = 'Check that it is the certificate of the key that signs your tokens, and not the one of your company CA.';
  return { leaf: certificate, note: keyFileProblem('certificate-ca', message, fix) };
}

/** Words in the names of certificate authorities. */
const AUTHORITY_NAME = /(?<![a-z])(CA|Root|Certificat(e|ion) Authority|Issuing|Intermediate)(?![a-z])/i;

const chainNote = (leaf: X509Certificate, count: number): KeyFileProblem =>
  keyFileProblem(
    'certificate-several',
    `The file contains ${pluralize(count, 'certificate')}. Only that of the signing key is imported (${subjectOf(leaf)}), because Salesforce verifies no certificate chain.`,
    'No action is needed.',
  );

const severalProblem = (leaves: readonly X509Certificate[]): KeyFileProblem =>
  keyFileProblem(
    'certificate-several',
    `The file contains the certificates of ${leaves.length} different keys: ${listOf(leaves)}.`,
    'Specify a file with the certificate of one key, and import each key under its own name.',
  );

const authorityProblem = (certificates: readonly X509Certificate[]): KeyFileProblem =>
  keyFileProblem(
    'certificate-ca',
    `The file contains only certificates of certificate authorities, which sign certificates and no tokens: ${listOf(certificates)}.`,
    'Specify the certificate of the key that signs your tokens, such as cert.pem or fullchain.pem instead of chain.pem.',
  );

const MAX_LISTED = 5;

/** Subjects are public, and long ones are shortened. */
function listOf(certificates: readonly X509Certificate[]): string {
  const names = certificates.slice(0, MAX_LISTED).map(subjectOf).join('; ');
  const more = certificates.length - MAX_LISTED;
  return more > 0 ? `${names}; and ${more} more` : names;
}

const subjectOf = ({ subject }: X509Certificate): string =>
  (subject ?? '').replaceAll('\n', ', ').slice(0, 100) || 'a certificate without a name';

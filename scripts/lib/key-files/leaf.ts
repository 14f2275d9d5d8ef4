import type { X509Certificate } from 'node:crypto';
import { pluralize } from '../model';
import { keyUsageOf } from './der';
import { keyFileProblem, type KeyFileProblem } from './problem';

/** The certificate of the signing key among the certificates of a file, or the reason why it isn't known. */
export type LeafReading =
  { readonly leaf: X509Certificate; readonly note?: KeyFileProblem } | { readonly problem: KeyFileProblem };

/**
 * Selects the certificate of the signing key, in any order of a chain: the only one that isn't a CA certificate and didn't issue
 * another one. A CA certificate is never selected.
 */
export function selectLeaf(certificates: readonly X509Certificate[]): LeafReading {
  const distinct = [...new Map(certificates.map((each) => [each.fingerprint256, each])).values()];
  const issuers = new Set(distinct.filter((each) => !isSelfIssued(each)).map(({ issuer }) => issuer));
  const leaves = newestOfEachKey(distinct.filter((each) => !isAuthority(each) && !issuers.has(each.subject)));
  const [leaf] = leaves;
  if (!leaf) return { problem: authorityProblem(distinct) };
  if (leaves.length > 1) return { problem: severalProblem(leaves) };
  if (distinct.length > 1) return { leaf, note: chainNote(leaf, distinct.length) };
  return leaf.ca ? { leaf, note: SELF_SIGNED_NOTE } : { leaf };
}

/** A renewed certificate has the key of the one before it. */
function newestOfEachKey(certificates: readonly X509Certificate[]): readonly X509Certificate[] {
  const byExpiration = [...certificates].sort((one, other) => one.validToDate.getTime() - other.validToDate.getTime());
  return [...new Map(byExpiration.map((each) => [keyOf(each), each])).values()];
}

/** The public key of a certificate as text. A key of an unknown type counts as one of its own. */
function keyOf(certificate: X509Certificate): string {
  try {
    return certificate.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  } catch {
    return certificate.fingerprint256;
  }
}

const isSelfIssued = ({ subject, issuer }: X509Certificate): boolean => subject === issuer;

/**
 * Whether a certificate is that of a CA. The structure of a self-signed certificate doesn't differ from that of a root: openssl
 * req -x509 marks each one as a CA certificate, and so do identity providers such as Auth0. It's a root if its key usage allows
 * no signature of data, or if its name says so.
 */
export function isAuthority(certificate: X509Certificate): boolean {
  if (!certificate.ca) return false;
  if (!isSelfIssued(certificate)) return true;
  const usage = keyUsageOf(certificate.raw);
  return (usage !== undefined && usage.signsCertificates && !usage.signsData) || hasAuthorityName(certificate);
}

/** Words in the common names of certificate authorities. Other parts of a name contain codes, such as CA for Canada. */
const AUTHORITY_NAME = /(?<![a-z])(CA|Root|Certificat(e|ion) Authority|Issuing|Intermediate)(?![a-z])/i;

function hasAuthorityName({ subject }: X509Certificate): boolean {
  const parts = (subject ?? '').split('\n');
  const common = parts.filter((part) => part.startsWith('CN='));
  return (common.length > 0 ? common : parts.filter((part) => /^OU?=/.test(part))).some((part) =>
    isAuthorityName(part.replace(/^\w+=/, '')),
  );
}

/** A host name is not the name of a CA, even below the domain of Canada. */
const isAuthorityName = (name: string): boolean =>
  AUTHORITY_NAME.test(name) && !/^[\w*-]{1,63}(\.[\w-]{1,63}){1,9}$/.test(name);

const SELF_SIGNED_NOTE = keyFileProblem(
  'certificate-ca',
  'The certificate is self-signed and marked as a CA certificate, as openssl req -x509 does. Its key is imported as a signing key.',
  'Check that it is the certificate of the key that signs your tokens, and not the one of your company CA.',
);

const chainNote = (leaf: X509Certificate, count: number): KeyFileProblem =>
  keyFileProblem(
    'certificate-several',
    `The file contains ${pluralize(count, 'certificate')}. Only that of the signing key is imported (${subjectOf(leaf)}), because Salesforce verifies no certificate chain.`,
    'No action is required.',
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
    `The file contains only certificates of certificate authorities, which sign certificates, not tokens: ${listOf(certificates)}.`,
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

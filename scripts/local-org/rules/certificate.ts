import { X509Certificate } from 'node:crypto';

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Returns why Salesforce rejects an entry of x5c; undefined for one that is valid for at least a number of days. Without days,
 * the validity isn't checked.
 */
export function certificateProblem(text: string, now: Date, minValidDays: number | undefined): string | undefined {
  // Standard base64 of the DER bytes, not base64url or PEM.
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text) || text === '') {
    return 'is not base64-encoded';
  }
  const certificate = parseCertificate(Buffer.from(text, 'base64'));
  if (!certificate) return 'is not an X.509 certificate';
  return minValidDays === undefined ? undefined : validityProblem(certificate, now, minValidDays);
}

function parseCertificate(der: Buffer): X509Certificate | undefined {
  try {
    return new X509Certificate(der);
  } catch {
    return undefined;
  }
}

function validityProblem(certificate: X509Certificate, now: Date, minValidDays: number): string | undefined {
  const remainingMs = certificate.validToDate.getTime() - now.getTime();
  if (remainingMs <= 0) return 'is an expired certificate';
  if (remainingMs < minValidDays * DAY_MS)
    return `is a certificate that is valid for less than ${minValidDays} more days`;
  return undefined;
}

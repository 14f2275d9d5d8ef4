import { X509Certificate } from 'node:crypto';
import type { EndpointResponse } from '../verification/endpoint/download';
import { isUsableKey, keyFactsOf, readJwks } from '../jwk';
import {
  EXPIRATION_LABELS,
  componentsOf,
  isActiveKey,
  jwksUrlOf,
  keyNamesOf,
  pluralize,
  type Check,
  type DesiredState,
  type Expiration,
  type LiveState,
} from '../model';
import { failed, inconclusive, passed, type CheckResult } from '../verification/check';
import { monitorCheck } from './monitor-check';

const DAY_MS = 24 * 60 * 60 * 1000;

/** A TLS certificate is usually renewed 30 days before it expires, so the limit is lower. */
const MAX_TLS_DAYS = 14;

/** The response of a JWKS endpoint, or why there is none. */
export type EndpointReading = Pick<EndpointResponse, 'body' | 'tls'> | { readonly problem: string };

/** The JWKS endpoints of the keysets in an org. */
export const endpointUrlsOf = ({ components }: Pick<LiveState, 'components'>): readonly string[] => [
  ...new Set(componentsOf(components, 'PublicKeyCertificateSet').flatMap((keyset) => jwksUrlOf(keyset) ?? [])),
];

/** The expiration dates of the certificates of active uploaded keys, of JWKS endpoints, and of the Apex signer. */
export function expirationsOf(
  { org }: Pick<DesiredState, 'org'>,
  live: Pick<LiveState, 'components' | 'signerCertificate'>,
  responses: ReadonlyMap<string, EndpointReading>,
  now: Date,
): readonly Expiration[] {
  const keysets = componentsOf(live.components, 'PublicKeyCertificateSet');
  const keys = [...new Set(keysets.flatMap(keyNamesOf))].filter((name) => isActiveKey(live.components, name));
  const uploaded = keys.flatMap((name) => {
    const certificate = keyFactsOf(live.components.get(`PublicKeyCertificate:${name}`), now)?.certificate;
    return certificate ? [expiration('key', name, certificate.notAfter, now)] : [];
  });
  const endpoints = endpointUrlsOf(live).flatMap((url) => endpointExpirations(url, responses.get(url), now));
  const signer = live.signerCertificate === undefined ? [] : signerExpiration(org, live.signerCertificate, now);
  return [...uploaded, ...endpoints, ...signer];
}

function expiration(kind: Expiration['kind'], name: string, at: Date, now: Date): Expiration {
  const daysLeft = Math.floor((at.getTime() - now.getTime()) / DAY_MS);
  return { kind, name, expiresAt: at.toISOString(), daysLeft };
}

function endpointExpirations(url: string, response: EndpointReading | undefined, now: Date): readonly Expiration[] {
  if (!response || 'problem' in response) return [];
  const keys = readJwks(response.body.toString(), now).keys ?? [];
  const certificates = keys.filter(isUsableKey).flatMap(({ name, facts }) => {
    const end = facts?.certificate?.notAfter;
    return end ? [expiration('endpoint key', `${name} at ${url}`, end, now)] : [];
  });
  const { tls } = response;
  return [...certificates, ...(tls ? [expiration('TLS', new URL(url).host, tls.expiresAt, now)] : [])];
}

function signerExpiration(org: DesiredState['org'], pem: string, now: Date): readonly Expiration[] {
  try {
    return [expiration('signer', org.memberSite?.certificate ?? '', new X509Certificate(pem).validToDate, now)];
  } catch {
    return [];
  }
}

/** One check for each certificate. It fails if the certificate expires within `withinDays` days. */
export const certificateChecks = (expirations: readonly Expiration[], withinDays: number): readonly Check[] =>
  expirations.map((each) =>
    monitorCheck(
      'certificate',
      '',
      `${EXPIRATION_LABELS[each.kind]} ${each.name}`,
      evaluateExpiration(each, withinDays),
    ),
  );

function evaluateExpiration({ kind, expiresAt, daysLeft }: Expiration, withinDays: number): CheckResult {
  const day = expiresAt.slice(0, 10);
  const text = daysLeft < 0 ? `It expired on ${day}.` : `It expires on ${day} (in ${pluralize(daysLeft, 'day')}).`;
  if (daysLeft > (kind === 'TLS' ? Math.min(withinDays, MAX_TLS_DAYS) : withinDays)) return passed(text);
  // Salesforce needs the certificate of an uploaded key only. What it does with one at an endpoint isn't documented.
  if (kind === 'endpoint key')
    return inconclusive(`${text} Salesforce doesn't document whether the certificate of a key at an endpoint matters.`);
  return failed(`${text} ${FIXES[kind]}`);
}

const FIXES: Readonly<Record<Exclude<Expiration['kind'], 'endpoint key'>, string>> = {
  key: 'Fix: replace its certificate or rotate the key (scripts/guides/rotation.md).',
  TLS: 'Fix: renew the certificate of the server.',
  signer:
    'Fix: create a new certificate in Setup, Certificate and Key Management, and rotate its key (scripts/guides/apex.md).',
};

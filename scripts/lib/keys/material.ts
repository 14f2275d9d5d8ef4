import { X509Certificate } from 'node:crypto';
import type { Finding, Severity } from '../model';
import { readJwk, type JwkProblem } from '../jwk';
import { jwkText, type PublicJwk } from './public-jwk';

/** Something that is offered as a public key, and where it came from. */
export interface Offer {
  /** A file or an address, for findings. */
  readonly from: string;
  readonly bytes: Buffer;
}

/** What was asked for beside the offer. */
export interface Wanted {
  readonly kid?: string | undefined;
  readonly alg?: string | undefined;
  /** The certificate for a key that comes without one. */
  readonly certificate?: X509Certificate | undefined;
  readonly now: Date;
}

/** A public key that is fit for Salesforce, or everything that is wrong with the offer. Never both. */
export type Taken =
  | { readonly jwk: PublicJwk; readonly notes: readonly Finding[] }
  | { readonly jwk?: undefined; readonly findings: readonly Finding[] };

export const refuse = (from: string, rule: string, message: string, fix: string): Taken => ({
  findings: [finding(from, 'error', rule, message, fix)],
});

export const finding = (file: string, severity: Severity, rule: string, message: string, fix: string): Finding => ({
  ...{ rule, severity, component: '', path: '', file, line: 0 },
  message,
  fix,
});

/** The finding for a problem of a key. */
export const keyFinding = (file: string, { code, severity, message, fix }: JwkProblem): Finding =>
  finding(file, severity, code, message, fix);

/** The last look at a key before it is taken: by the rules of `check`, with the certificate it will have. */
export function judged(from: string, jwk: PublicJwk, now: Date, notes: readonly Finding[] = []): Taken {
  const found = readJwk(jwkText(jwk), now).problems.map((problem) => keyFinding(from, problem));
  return found.some(({ severity }) => severity === 'error')
    ? { findings: found }
    : { jwk, notes: [...notes, ...found] };
}

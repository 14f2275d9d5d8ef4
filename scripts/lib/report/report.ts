import type { Matrix, TrustMap } from '../matrix';
import type { Check, CheckState, OrgResult } from '../model';
import type { ResultDocument } from './result-document';

/** What the orgs hold: every setting side by side, and whom they trust. */
export interface OrgSettings {
  readonly matrix: Matrix;
  readonly trust: TrustMap;
}

/** Everything a report is made from: the document of a command, when it was, and what the orgs hold if it read them. */
export interface Report {
  readonly document: ResultDocument;
  readonly at: Date;
  readonly orgSettings?: OrgSettings;
}

/** A time as people in different countries read it the same way: `2026-11-22 20:04 UTC`. */
export const formatUtc = (at: Date): string => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;

export const checkStateOf = ({ ok, state }: Check): CheckState => state ?? (ok ? 'passed' : 'failed');

/** How an org came out, in a word: where it was proven, whether it was in full. What is not is nothing to be content with. */
export function resultLabel({ status, checks }: OrgResult): { readonly word: string; readonly tone?: 'warning' } {
  const proof = checks.filter(({ channel }) => channel !== undefined);
  if (proof.length === 0 || (status !== 'unchanged' && status !== 'changed')) return { word: status };
  const isOpen = proof.some((check) => checkStateOf(check) !== 'passed');
  const proven = isOpen ? 'not proven in full' : 'proven';
  return {
    word: status === 'changed' ? `changed, ${proven}` : proven,
    ...(isOpen && { tone: 'warning' as const }),
  };
}

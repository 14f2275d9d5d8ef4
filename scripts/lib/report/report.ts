import type { Matrix, TrustMap } from '../matrix';
import type { Check, CheckState, Outcome } from '../model';
import type { Document } from './document';

/** What the orgs hold: every setting side by side, and whom they trust. */
export interface Holdings {
  readonly matrix: Matrix;
  readonly trust: TrustMap;
}

/** Everything a report is made from: the document of a command, when it was, and what the orgs hold if it read them. */
export interface Report {
  readonly document: Document;
  readonly at: Date;
  readonly holdings?: Holdings;
}

/** A time as people in different countries read it the same way: `2026-11-22 20:04 UTC`. */
export const utc = (at: Date): string => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;

export const stateOf = ({ ok, state }: Check): CheckState => state ?? (ok ? 'ok' : 'failed');

/** How an org came out, in a word: where it was proven, whether it was in full. What is not is nothing to be content with. */
export function resultOf({ outcome, checks }: Outcome): { readonly word: string; readonly tone?: 'attention' } {
  const proof = checks.filter(({ channel }) => channel !== undefined);
  if (proof.length === 0 || (outcome !== 'unchanged' && outcome !== 'changed')) return { word: outcome };
  const isOpen = proof.some((check) => stateOf(check) !== 'ok');
  const proven = isOpen ? 'not proven in full' : 'proven';
  return {
    word: outcome === 'changed' ? `changed, ${proven}` : proven,
    ...(isOpen && { tone: 'attention' as const }),
  };
}

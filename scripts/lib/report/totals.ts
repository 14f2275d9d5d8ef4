import type { Holdings } from './report';
import { isDisruptive, type Outcome, type Result } from '../model';
import type { Document } from './document';
import { stateOf } from './report';
import type { Tone } from './verdict';

/** One number that sums up a part of a report. */
export interface Total {
  readonly label: string;
  readonly value: number;
  readonly tone?: Tone;
}

/** Days before its end from which a key deserves a look, and the word for how urgent that is. */
const SOON = 30;
export const lifeTone = (daysLeft: number): Tone => (daysLeft <= 0 ? 'bad' : daysLeft <= SOON ? 'attention' : 'good');

/** The numbers at the head of a report; those that cannot say anything are left out. */
export function totalsOf({ orgs, findings }: Document, holdings: Holdings | undefined): readonly Total[] {
  const serious = findings.filter(({ severity }) => severity === 'error').length;
  return [
    ...(orgs ? orgTotals(orgs) : []),
    ...(orgs ? checkTotals(orgs) : []),
    ...(holdings ? keyTotals(holdings) : []),
    {
      label: 'findings',
      value: findings.length,
      ...(findings.length > 0 && { tone: serious > 0 ? 'bad' : 'attention' }),
    },
  ];
}

function orgTotals(orgs: readonly Outcome[]): readonly Total[] {
  const having = (...results: readonly Result[]): number =>
    orgs.filter(({ outcome }) => results.includes(outcome)).length;
  const changes = orgs.flatMap((org) => org.changes);
  const troubled = having('failed', 'unreachable', 'unknown', 'skipped');
  const disruptive = changes.filter(isDisruptive).length;
  return [
    { label: 'orgs', value: orgs.length },
    { label: 'as stated', value: having('unchanged', 'changed') },
    ...(troubled > 0 ? [{ label: 'in trouble', value: troubled, tone: 'bad' } as const] : []),
    { label: 'changes', value: changes.length },
    { label: 'disruptive', value: disruptive, ...(disruptive > 0 && { tone: 'attention' }) },
  ];
}

function checkTotals(orgs: readonly Outcome[]): readonly Total[] {
  const states = orgs.flatMap(({ checks }) => checks).map(stateOf);
  const number = (state: string): number => states.filter((each) => each === state).length;
  return [
    ...(number('failed') > 0 ? [{ label: 'checks failed', value: number('failed'), tone: 'bad' } as const] : []),
    ...(number('not proven') > 0
      ? [{ label: 'not proven', value: number('not proven'), tone: 'attention' } as const]
      : []),
  ];
}

/** The active key whose certificate ends first. */
function keyTotals({ trust }: Holdings): readonly Total[] {
  const days = trust
    .flatMap(({ trusts }) => trusts.flatMap(({ keys }) => keys))
    .flatMap(({ active, daysLeft }) => (active && daysLeft !== null ? [daysLeft] : []));
  if (days.length === 0) return [];
  const least = Math.min(...days);
  return [{ label: 'days until a key ends', value: least, tone: lifeTone(least) }];
}

import { type OrgSettings, checkStateOf } from './report';
import { isDisruptive, type OrgResult, type OrgStatus } from '../model';
import type { ResultDocument } from './result-document';
import type { Tone } from './headline';

/** One number that sums up a part of a report. */
export interface SummaryTile {
  readonly label: string;
  readonly value: number;
  readonly tone?: Tone;
}

/** Days before its end from which a key deserves a look, and the word for how urgent that is. */
const EXPIRES_SOON_DAYS = 30;
export const expiryTone = (daysLeft: number): Tone =>
  daysLeft <= 0 ? 'bad' : daysLeft <= EXPIRES_SOON_DAYS ? 'warning' : 'good';

/** The numbers at the head of a report; those that cannot say anything are left out. */
export function summaryTiles(
  { orgs, findings }: ResultDocument,
  holdings: OrgSettings | undefined,
): readonly SummaryTile[] {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  return [
    ...(orgs ? orgTiles(orgs) : []),
    ...(orgs ? checkTiles(orgs) : []),
    ...(holdings ? keyTiles(holdings) : []),
    {
      label: 'findings',
      value: findings.length,
      ...(findings.length > 0 && { tone: errors > 0 ? 'bad' : 'warning' }),
    },
  ];
}

function orgTiles(orgs: readonly OrgResult[]): readonly SummaryTile[] {
  const having = (...results: readonly OrgStatus[]): number =>
    orgs.filter(({ status }) => results.includes(status)).length;
  const changes = orgs.flatMap((org) => org.changes);
  const troubled = having('failed', 'unreachable', 'unknown', 'skipped');
  const disruptive = changes.filter(isDisruptive).length;
  return [
    { label: 'orgs', value: orgs.length },
    { label: 'as stated', value: having('unchanged', 'changed') },
    ...(troubled > 0 ? [{ label: 'in trouble', value: troubled, tone: 'bad' } as const] : []),
    { label: 'changes', value: changes.length },
    { label: 'disruptive', value: disruptive, ...(disruptive > 0 && { tone: 'warning' }) },
  ];
}

function checkTiles(orgs: readonly OrgResult[]): readonly SummaryTile[] {
  const states = orgs.flatMap(({ checks }) => checks).map(checkStateOf);
  const number = (state: string): number => states.filter((each) => each === state).length;
  return [
    ...(number('failed') > 0 ? [{ label: 'checks failed', value: number('failed'), tone: 'bad' } as const] : []),
    ...(number('inconclusive') > 0
      ? [{ label: 'inconclusive', value: number('inconclusive'), tone: 'warning' } as const]
      : []),
  ];
}

/** The active key whose certificate ends first. */
function keyTiles({ trust }: OrgSettings): readonly SummaryTile[] {
  const days = trust
    .flatMap(({ keysets }) => keysets.flatMap(({ keys }) => keys))
    .flatMap(({ active, daysLeft }) => (active && daysLeft !== null ? [daysLeft] : []));
  if (days.length === 0) return [];
  const least = Math.min(...days);
  return [{ label: 'days until a key ends', value: least, tone: expiryTone(least) }];
}

import { type OrgSettings, checkStateOf } from './report';
import { isDisruptive, type OrgResult, type OrgStatus } from '../model';
import type { ResultDocument } from './result-document';
import type { Tone } from './headline';

/** A number at the top of a report. */
export interface SummaryTile {
  readonly label: string;
  readonly value: number;
  readonly tone?: Tone;
}

/** A key that expires within so many days needs attention. */
const EXPIRES_SOON_DAYS = 30;

/** The tone of a key that expires in so many days; on its last day it is bad. */
export const expiryTone = (daysLeft: number): Tone =>
  daysLeft <= 0 ? 'bad' : daysLeft <= EXPIRES_SOON_DAYS ? 'warning' : 'good';

/** The numbers at the top of a report. Numbers of failures are left out if they are 0. */
export function summaryTiles(
  { orgs, findings }: ResultDocument,
  orgSettings: OrgSettings | undefined,
): readonly SummaryTile[] {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  return [
    ...(orgs ? orgTiles(orgs) : []),
    ...(orgs ? checkTiles(orgs) : []),
    ...(orgSettings ? keyTiles(orgSettings) : []),
    {
      label: 'Findings',
      value: findings.length,
      ...(findings.length > 0 && { tone: errors > 0 ? 'bad' : 'warning' }),
    },
  ];
}

function orgTiles(orgs: readonly OrgResult[]): readonly SummaryTile[] {
  const countOf = (...statuses: readonly OrgStatus[]): number =>
    orgs.filter(({ status }) => statuses.includes(status)).length;
  const changes = orgs.flatMap((org) => org.changes);
  const failed = countOf('failed', 'unreachable', 'unknown', 'skipped');
  const disruptive = changes.filter(isDisruptive).length;
  return [
    { label: 'Orgs', value: orgs.length },
    { label: 'In sync', value: countOf('unchanged', 'changed') },
    ...(failed > 0 ? [{ label: 'Need attention', value: failed, tone: 'bad' } as const] : []),
    { label: 'Changes', value: changes.length },
    { label: 'Disruptive changes', value: disruptive, ...(disruptive > 0 && { tone: 'bad' }) },
  ];
}

function checkTiles(orgs: readonly OrgResult[]): readonly SummaryTile[] {
  const states = orgs.flatMap(({ checks }) => checks).map(checkStateOf);
  const number = (state: string): number => states.filter((each) => each === state).length;
  return [
    ...(number('failed') > 0 ? [{ label: 'Failed checks', value: number('failed'), tone: 'bad' } as const] : []),
    ...(number('inconclusive') > 0
      ? [{ label: 'Inconclusive checks', value: number('inconclusive'), tone: 'warning' } as const]
      : []),
  ];
}

/** The days until the certificate of the first active key expires. */
function keyTiles({ trust }: OrgSettings): readonly SummaryTile[] {
  const days = trust
    .flatMap(({ keysets }) => keysets.flatMap(({ keys }) => keys))
    .flatMap(({ active, daysLeft }) => (active && daysLeft !== null ? [daysLeft] : []));
  if (days.length === 0) return [];
  const fewest = Math.min(...days);
  return [{ label: 'Days until a key expires', value: fewest, tone: expiryTone(fewest) }];
}

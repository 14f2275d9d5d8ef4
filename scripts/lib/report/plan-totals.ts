import { isDisruptive, type Change, type OrgResult } from '../model';
import { markOf } from './change-text';
import { pluralize } from './text-layout';

/** The totals of a plan in one line, for its start: `Plan: 12 orgs, 140 changes, 8 disruptive, 2 in sync`. */
export function planTotals(orgs: readonly OrgResult[]): string {
  const planned = orgs.filter(isPlanned);
  const changes = planned.flatMap((org) => org.changes);
  const disruptive = changes.filter(isDisruptive).length;
  const inSync = planned.filter((org) => org.changes.length === 0).length;
  const parts = [
    pluralize(orgs.length, 'org'),
    ...(planned.length > 0 ? [changes.length === 0 ? 'no changes' : pluralize(changes.length, 'change')] : []),
    ...(changes.length > 0 ? [`${disruptive} disruptive`] : []),
    ...(inSync > 0 ? [`${inSync} in sync`] : []),
    ...(planned.length < orgs.length ? [`${orgs.length - planned.length} not planned`] : []),
  ];
  return `Plan: ${parts.join(', ')}`;
}

const isPlanned = ({ status }: OrgResult): boolean => status !== 'failed' && status !== 'unreachable';

/** The totals of a plan for its end, with the number of changes by action. Nothing was written. */
export function planSummary(orgs: readonly OrgResult[]): string {
  const changes = orgs.flatMap((org) => org.changes);
  const counts = changes.length === 0 ? '' : ` (${actionCounts(changes)})`;
  return `${planTotals(orgs)}${counts}. Nothing was changed.`;
}

function actionCounts(changes: readonly Change[]): string {
  const countOf = (mark: ReturnType<typeof markOf>): number => changes.filter((each) => markOf(each) === mark).length;
  return `${countOf('+')} to add, ${countOf('~')} to change, ${countOf('-')} to delete`;
}

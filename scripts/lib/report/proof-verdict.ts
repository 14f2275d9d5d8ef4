import type { Check, CheckState, Outcome } from '../model';
import { stateOf } from './report';
import { count, safe, styled, wrap, type Page, type Style } from './page';

/** Whether a check is one of a proof. */
export const isProof = ({ part }: Check): boolean => part !== undefined;

export const stateCount = (checks: readonly Check[], wanted: CheckState): number =>
  checks.filter((check) => stateOf(check) === wanted).length;

/** The channels of an org that were looked at, each with what is true of the whole org. */
export function placesOf({
  alias,
  checks,
}: Outcome): readonly { readonly name: string; readonly checks: readonly Check[] }[] {
  const own = checks.filter(isProof);
  const channels = [...new Set(own.flatMap(({ channel }) => channel ?? []))];
  return channels.map((channel) => ({
    name: `${alias} ${channel}`,
    checks: own.filter((check) => (check.channel ?? channel) === channel),
  }));
}

/** More names than this are a number. */
const NAMED = 6;

/** How an org came out of a proof. */
type Standing = 'failed' | 'not looked at' | 'open' | 'proven' | 'nobody';

function standingOf(org: Outcome): Standing {
  const checks = org.checks.filter(isProof);
  if (org.error !== undefined && checks.length === 0) return 'not looked at';
  if (org.error !== undefined || stateCount(checks, 'failed') > 0) return 'failed';
  if (placesOf(org).length === 0) return 'nobody';
  return stateCount(checks, 'not proven') > 0 ? 'open' : 'proven';
}

const TITLES: Readonly<Record<Standing, readonly [Style, string]>> = {
  failed: ['red', 'FAILED'],
  'not looked at': ['red', 'NOT LOOKED AT'],
  open: ['yellow', 'NOT PROVEN in full, though nothing failed'],
  proven: ['green', 'PROVEN'],
  nobody: ['dim', 'Nothing to prove, no channel verifies customers'],
};

/** What somebody who reads one line only has to know: which orgs failed, or are not proven in full, and the numbers. */
export function verdictText(page: Page, orgs: readonly Outcome[]): string {
  const told = Object.entries(TITLES).flatMap(([standing, [style, title]]) => {
    const those = orgs.filter((org) => standingOf(org) === standing);
    return those.length === 0 ? [] : [styled(page, style, wrap(page, '', `${title}: ${names(those, orgs.length)}.`))];
  });
  return [...told, wrap(page, '', numbers(orgs))].join('\n');
}

const names = (orgs: readonly Outcome[], all: number): string =>
  orgs.length > NAMED ? `${orgs.length} of ${all} orgs` : orgs.map(({ alias }) => safe(alias)).join(', ');

function numbers(orgs: readonly Outcome[]): string {
  const seen = orgs.filter((org) => placesOf(org).length > 0);
  const checks = seen.flatMap((org) => org.checks).filter(isProof);
  if (checks.length === 0) return 'Nothing was proven.';
  const counts = (['ok', 'failed', 'not proven'] as const).map((state) => stateCount(checks, state));
  const [ok = 0, failed = 0, open = 0] = counts;
  const all = `${count(checks.length, 'check')} in ${count(seen.length, 'org')}: ${ok} ok, ${failed} failed`;
  return open === 0 ? `${all}.` : `${all}, ${open} NOT PROVEN: nobody should take those for good.`;
}

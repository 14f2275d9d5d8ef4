import type { Check, CheckState, OrgResult } from '../model';
import { checkStateOf } from './report';
import { pluralize, escapeControls, styled, wrap, type TextLayout, type Style } from './text-layout';

/** Whether a check is one of a proof. */
export const isVerificationCheck = ({ part }: Check): boolean => part !== undefined;

export const countInState = (checks: readonly Check[], state: CheckState): number =>
  checks.filter((check) => checkStateOf(check) === state).length;

/** The channels of an org that were looked at, each with what is true of the whole org. */
export function channelChecks({
  alias,
  checks,
}: OrgResult): readonly { readonly name: string; readonly checks: readonly Check[] }[] {
  const verificationChecks = checks.filter(isVerificationCheck);
  const channels = [...new Set(verificationChecks.flatMap(({ channel }) => channel ?? []))];
  return channels.map((channel) => ({
    name: `${alias} ${channel}`,
    checks: verificationChecks.filter((check) => (check.channel ?? channel) === channel),
  }));
}

/** More names than this are a number. */
const MAX_NAMES = 6;

/** How an org came out of a proof. */
type OrgVerdict = 'failed' | 'not checked' | 'open' | 'proven' | 'nobody';

function orgVerdict(org: OrgResult): OrgVerdict {
  const checks = org.checks.filter(isVerificationCheck);
  if (org.error !== undefined && checks.length === 0) return 'not checked';
  if (org.error !== undefined || countInState(checks, 'failed') > 0) return 'failed';
  if (channelChecks(org).length === 0) return 'nobody';
  return countInState(checks, 'inconclusive') > 0 ? 'open' : 'proven';
}

const VERDICT_TITLES: Readonly<Record<OrgVerdict, readonly [Style, string]>> = {
  failed: ['red', 'FAILED'],
  'not checked': ['red', 'NOT LOOKED AT'],
  open: ['yellow', 'NOT PROVEN in full, though nothing failed'],
  proven: ['green', 'PROVEN'],
  nobody: ['dim', 'Nothing to prove, no channel verifies customers'],
};

/** What somebody who reads one line only has to know: which orgs failed, or are not proven in full, and the numbers. */
export function verificationSummary(layout: TextLayout, orgs: readonly OrgResult[]): string {
  const lines = Object.entries(VERDICT_TITLES).flatMap(([standing, [style, title]]) => {
    const matching = orgs.filter((org) => orgVerdict(org) === standing);
    return matching.length === 0
      ? []
      : [styled(layout, style, wrap(layout, '', `${title}: ${orgNames(matching, orgs.length)}.`))];
  });
  return [...lines, wrap(layout, '', checkTotals(orgs))].join('\n');
}

const orgNames = (orgs: readonly OrgResult[], all: number): string =>
  orgs.length > MAX_NAMES ? `${orgs.length} of ${all} orgs` : orgs.map(({ alias }) => escapeControls(alias)).join(', ');

function checkTotals(orgs: readonly OrgResult[]): string {
  const checkedOrgs = orgs.filter((org) => channelChecks(org).length > 0);
  const checks = checkedOrgs.flatMap((org) => org.checks).filter(isVerificationCheck);
  if (checks.length === 0) return 'Nothing was proven.';
  const counts = (['passed', 'failed', 'inconclusive'] as const).map((state) => countInState(checks, state));
  const [passed = 0, failed = 0, inconclusive = 0] = counts;
  const all = `${pluralize(checks.length, 'check')} in ${pluralize(checkedOrgs.length, 'org')}: ${passed} ok, ${failed} failed`;
  return inconclusive === 0 ? `${all}.` : `${all}, ${inconclusive} NOT PROVEN: nobody should take those for good.`;
}

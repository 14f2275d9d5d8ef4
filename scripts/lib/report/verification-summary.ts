import { joinNames, type Check, type CheckState, type OrgResult } from '../model';
import { checkStateOf, scopeText } from './report';
import { pluralize, escapeControls, styled, wrap, type TextLayout, type Style } from './text-layout';

/** Whether a check belongs to a verification. */
export const isVerificationCheck = ({ part }: Check): boolean => part !== undefined;

export const countInState = (checks: readonly Check[], state: CheckState): number =>
  checks.filter((check) => checkStateOf(check) === state).length;

/** The verified channels of an org as `<alias> <channel>`, each with its checks and those of the whole org. */
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

/** If more orgs have the same verdict, their number is printed instead of their names. */
const MAX_NAMES = 6;

/** The result of the verification of one org. */
type OrgVerdict = 'failed' | 'not checked' | 'inconclusive' | 'verified' | 'no channels';

function orgVerdict(org: OrgResult): OrgVerdict {
  const checks = org.checks.filter(isVerificationCheck);
  if (org.verified === undefined && checks.length === 0) return 'not checked';
  if (org.error !== undefined || countInState(checks, 'failed') > 0) return 'failed';
  if (channelChecks(org).length === 0) return 'no channels';
  return countInState(checks, 'inconclusive') > 0 ? 'inconclusive' : 'verified';
}

const VERDICT_TITLES: Readonly<Record<OrgVerdict, readonly [Style, string]>> = {
  failed: ['red', 'FAILED'],
  'not checked': ['red', 'NOT CHECKED'],
  inconclusive: ['yellow', 'INCONCLUSIVE'],
  verified: ['green', 'VERIFIED'],
  'no channels': ['dim', 'No Enhanced Chat channel'],
};

/** The verdict of each org, then the number of checks in each state. */
export function verificationSummary(layout: TextLayout, orgs: readonly OrgResult[]): string {
  const lines = Object.entries(VERDICT_TITLES).flatMap(([verdict, [style, title]]) => {
    const matching = orgs.filter((org) => orgVerdict(org) === verdict);
    return matching.length === 0
      ? []
      : [styled(layout, style, wrap(layout, '', `${title}: ${orgNames(matching, orgs.length)}.`))];
  });
  return [
    ...lines,
    ...toleratedLines(layout, orgs),
    wrap(layout, '', checkTotals(orgs)),
    ...unmanagedLines(orgs).map((text) => wrap(layout, '', escapeControls(text))),
    ...coveredTimes(orgs).map((text) => wrap(layout, '', text)),
  ].join('\n');
}

/** The live components that the verdicts don't cover, as one sentence for each org. */
const unmanagedLines = (orgs: readonly OrgResult[]): readonly string[] =>
  orgs.flatMap(({ alias, verified }) => {
    const unmanaged = verified?.unmanaged ?? [];
    if (unmanaged.length === 0) return [];
    return [`Not checked in ${alias}, because source doesn't declare them: ${joinNames(unmanaged)}.`];
  });

/** The time that the verdicts cover, as a sentence. */
function coveredTimes(orgs: readonly OrgResult[]): readonly string[] {
  const times = orgs.flatMap(({ verified }) =>
    [verified?.readFrom, verified?.readTo].filter((time) => time !== undefined),
  );
  const [first, last] = [times.toSorted()[0], times.toSorted().at(-1)];
  if (first === undefined || last === undefined) return [];
  return [
    `The trust was read from ${formatUtcSeconds(first)} to ${formatUtcSeconds(last)}. Later changes aren't covered.`,
  ];
}

/** `2026-11-22T20:24:05.123Z` as `2026-11-22 20:24:05 UTC`. */
const formatUtcSeconds = (iso: string): string => `${iso.slice(0, 19).replace('T', ' ')} UTC`;

/** The orgs of a verdict, each with the scope of its verification: `dev (2 verified channels, 3 chat deployments)`. */
const orgNames = (orgs: readonly OrgResult[], total: number): string =>
  orgs.length > MAX_NAMES
    ? `${orgs.length} of ${total} orgs${scopeText(orgs.map(({ verified }) => verified))}`
    : orgs.map(orgName).join('; ');

const orgName = ({ alias, status, verified }: OrgResult): string =>
  status === 'unreachable'
    ? `${escapeControls(alias)} (unreachable)`
    : `${escapeControls(alias)}${scopeText([verified])}`;

/** The failed checks that a flag or an evidence file accepts: they don't change the verdict, so they are named next to it. */
function toleratedLines(layout: TextLayout, orgs: readonly OrgResult[]): readonly string[] {
  const lines = orgs.flatMap(({ alias, checks }) =>
    checks.flatMap(({ name, channel, tolerated }) =>
      tolerated === undefined ? [] : [`${name} (${alias} ${channel ?? ''}, accepted by ${tolerated})`],
    ),
  );
  if (lines.length === 0) return [];
  return [styled(layout, 'yellow', wrap(layout, '', `Tolerated: ${escapeControls(lines.join(', '))}.`))];
}

function checkTotals(orgs: readonly OrgResult[]): string {
  const checkedOrgs = orgs.filter((org) => channelChecks(org).length > 0);
  const checks = checkedOrgs.flatMap((org) => org.checks).filter(isVerificationCheck);
  if (checks.length === 0) return 'Nothing was verified.';
  const counts = (['passed', 'failed', 'inconclusive'] as const).map((state) => countInState(checks, state));
  const [passed = 0, failed = 0, inconclusive = 0] = counts;
  const total = `${pluralize(checks.length, 'check')} in ${pluralize(checkedOrgs.length, 'org')}: ${passed} passed, ${failed} failed`;
  return inconclusive === 0 ? `${total}.` : `${total}, ${inconclusive} inconclusive (don't count these as passed).`;
}

import type { AcceptedRule, DesiredState, Finding, OrgConfig, Severity } from '../model';
import { FLEET_RULES } from './fleet';
import type { Rule } from './rule';

const isPolicyError = ({ severity, policy }: Rule): boolean => severity === 'error' && policy === true;

/** Rules that are about the production orgs with a component, and not about the other orgs that share it. */
const PRODUCTION_RULES: readonly string[] = Object.values(FLEET_RULES)
  .filter(({ id }) => id.startsWith('shared-'))
  .map(({ id }) => id);

const ACCEPTABLE_ERRORS: readonly string[] = Object.values(FLEET_RULES)
  .filter(isPolicyError)
  .map(({ id }) => id);

/** Whether an acceptance has ended. `until` is its last day, in UTC. */
export const hasEnded = ({ until }: { readonly until?: string }, now: Date): boolean =>
  until !== undefined && now.toISOString().slice(0, 10) > until;

/** Whether an org file can accept a rule: any warning or note, and an error that is policy. */
export const isAcceptable = ({ severity, id }: Pick<Rule, 'severity' | 'id'>): boolean =>
  severity !== 'error' || ACCEPTABLE_ERRORS.includes(id);

/** The findings, those that every org they concern accepts with a lower severity and the reasons. */
export const acceptFindings = (
  findings: readonly Finding[],
  orgs: readonly DesiredState[],
  now: Date,
): readonly Finding[] => findings.map((finding) => acceptFinding(finding, concernedOrgs(finding, orgs), now));

/** The org of the file, or the orgs that receive the component. */
function concernedOrgs({ file, component, rule }: Finding, orgs: readonly DesiredState[]): readonly OrgConfig[] {
  const own = orgs.filter(({ org }) => org.file === file);
  const receivers = orgs.filter(({ components }) => (components as ReadonlyMap<string, unknown>).has(component));
  const isConcerned = ({ org }: DesiredState): boolean => !PRODUCTION_RULES.includes(rule) || org.kind === 'production';
  return (own.length > 0 ? own : receivers.filter(isConcerned)).map(({ org }) => org);
}

const LOWERED: Readonly<Record<Severity, Severity>> = { error: 'warning', warning: 'note', note: 'note' };

/** A finding that all of these orgs accept today: an error as a warning, a warning as a note. Any other finding is unchanged. */
export function acceptFinding(finding: Finding, orgs: readonly OrgConfig[], now: Date): Finding {
  const accepted = orgs.map(({ alias, accept }) => ({
    alias,
    entry: accept.find((each) => each.rule === finding.rule && !hasEnded(each, now)),
  }));
  const reasons = accepted.flatMap(({ alias, entry }) => (entry ? [acceptanceText(alias, entry)] : []));
  if (reasons.length === 0 || reasons.length < orgs.length) return finding;
  if (!isAcceptable({ severity: finding.severity, id: finding.rule })) return finding;
  return {
    ...finding,
    severity: LOWERED[finding.severity],
    message: `${finding.message} ${[...new Set(reasons)].join(' ')}`,
  };
}

const acceptanceText = (alias: string, { reason, until }: AcceptedRule): string =>
  `Accepted by ${alias}${until === undefined ? '' : ` until ${until}`}: ${/[.!?]$/.test(reason) ? reason : `${reason}.`}`;

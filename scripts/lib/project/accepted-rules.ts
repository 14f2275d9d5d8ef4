import { closestMatch } from '../metadata';
import { originIn, type AcceptedRule, type Finding, type OrgConfig, type Severity } from '../model';
import { hasEnded, isAcceptable, RULES } from '../rules';

/** The rules of warnings and notes that aren't among the rules for source: about rotations, and about what an org contains. */
const OTHER_RULES = [
  ...['rotation-overdue', 'rotation-stuck', 'rotation-late', 'rotation-missing', 'key-unused', 'replacement-unused'],
  ...[
    'production-trust',
    'channel-verifies-nobody',
    'unmanaged-deployment',
    'live-and-unmanaged',
    'retired-remains',
    'existing-trust',
    'member-site-template',
    'exportable-key',
  ],
];

/** Findings about entries of `accept` in an org file that have no effect. */
export const acceptedRuleFindings = (org: OrgConfig, now: Date): readonly Finding[] =>
  org.accept.flatMap((entry, index) => entryFindings(org, entry, index, now));

function entryFindings(org: OrgConfig, entry: AcceptedRule, index: number, now: Date): readonly Finding[] {
  const { rule: id, until } = entry;
  const report = (rule: string, severity: Severity, message: string, fix: string): readonly Finding[] => {
    const path = `accept.${index}`;
    return [{ rule, severity, component: '', path, ...originIn(org, path), message, fix }];
  };
  const rule = RULES.find((each) => each.id === id);
  if (rule && !isAcceptable(rule)) {
    const message = `${org.alias} can't accept ${id}: ${rule.summary} Source: ${rule.source}.`;
    return report('accept-not-possible', 'error', message, 'Remove the entry, and fix the findings of the rule.');
  }
  if (hasEnded(entry, now)) {
    const message = `${org.alias} accepted ${id} until ${until ?? ''}. Its findings are reported with their full severity again.`;
    return report('accept-ended', 'warning', message, 'Remove the entry, or set a later date in "until".');
  }
  if (rule || OTHER_RULES.includes(id)) return [];
  const match = closestMatch(id, [...RULES.map((each) => each.id), ...OTHER_RULES]);
  const fix = match === undefined ? 'Copy the ID from a report, or remove the entry.' : `Did you mean "${match}"?`;
  return report('accept-unknown-rule', 'warning', `No rule has the ID "${id}", so the entry has no effect.`, fix);
}

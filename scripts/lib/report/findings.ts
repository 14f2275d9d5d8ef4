import type { Finding, Severity } from '../model';
import { mergeFix, PLACEHOLDER, replaceAlias } from './errors';
import { pluralize, escapeControls, styled, wrap, type TextLayout, type Style } from './text-layout';

const SEVERITY_STYLES: Readonly<Record<Severity, Style>> = { error: 'red', warning: 'yellow', note: 'cyan' };

/**
 * Findings with their locations, message and fix; empty without findings. A message that applies several times is printed once,
 * unless `full` is set.
 */
export const findingsText = (layout: TextLayout, findings: readonly Finding[], full = false): string =>
  (full ? findings.flatMap((finding) => groupFindings([finding])) : groupFindings(findings))
    .map((group) => findingText(layout, group))
    .join('\n\n');

function findingText(layout: TextLayout, { severity, rule, locations, orgs, message, fix }: FindingGroup): string {
  return [
    `${styled(layout, SEVERITY_STYLES[severity], severity)}  ${rule}`,
    ...locations.map((location) => styled(layout, 'dim', wrap(layout, '    ', escapeControls(location), '  '))),
    ...(orgs.length > 1 ? [wrap(layout, '  ', escapeControls(`Orgs: ${orgs.join(', ')}`))] : []),
    wrap(layout, '  ', escapeControls(message)),
    wrap(layout, '  ', `Fix: ${escapeControls(fix)}`),
  ].join('\n');
}

/** Findings with the same rule, message and fix. */
export interface FindingGroup extends Pick<Finding, 'severity' | 'rule' | 'message' | 'fix'> {
  /** Where they apply, each as `<file>:<line> <component> <path>`. */
  readonly locations: readonly string[];
  /** The aliases of the orgs that the message is about. */
  readonly orgs: readonly string[];
}

/**
 * Groups findings whose message and fix are equal, or differ only in the alias of their org. The texts of a group of
 * several orgs apply to all of them.
 */
export function groupFindings(findings: readonly Finding[]): readonly FindingGroup[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const { rule, severity, message, fix } = finding;
    const texts = [message, fix].map((text) => replaceAlias(text, aliasOf(finding), PLACEHOLDER));
    const key = JSON.stringify([rule, severity, ...texts]);
    const group = groups.get(key);
    if (group) group.push(finding);
    else groups.set(key, [finding]);
  }
  return [...groups.values()].flatMap((group) => (group[0] ? [mergeFindings(group[0], group)] : []));
}

function mergeFindings(first: Finding, group: readonly Finding[]): FindingGroup {
  const { severity, rule } = first;
  const orgs = [...new Set(group.map(aliasOf))].filter((alias) => alias !== '');
  if (orgs.length < 2) {
    const locations = [...new Set(group.map(locationOf))];
    return { severity, rule, locations, orgs, message: first.message, fix: first.fix };
  }
  const locations = [...new Set(group.map(sharedLocationOf))];
  const message = withoutOrg(replaceAlias(first.message, aliasOf(first), '<org>'));
  return { severity, rule, locations, orgs, message, fix: mergeFix(first.fix, orgs) };
}

/** The org files of a fleet are one location: `config/orgs/<org>.json:4`. */
const sharedLocationOf = (finding: Finding): string =>
  locationOf({ ...finding, file: finding.file.replace(ORG_FILE, 'config/orgs/<org>.json') });

const ORG_FILE = /^config\/orgs\/(?!_defaults\.json$)(.+)\.json$/;

/** The message of one org starts with its name; that of several orgs follows the list of them. */
const withoutOrg = (message: string): string =>
  message.replace(/^In (?:the )?org <org>: (.)/, (_, letter: string) => letter.toUpperCase());

function locationOf({ file, line, component, path }: Finding): string {
  const position = file === '' ? 'org' : `${file}${line > 0 ? `:${line}` : ''}`;
  return [position, component, path].filter((part) => part !== '').join(' ');
}

/** The alias of the org that a finding is about; empty if it is about the source. */
const aliasOf = ({ file, message }: Finding): string =>
  ORG_FILE.exec(file)?.[1] ??
  /^(?:In (?:the )?org "?([\w-]+)"?:|Production org ([\w-]+) )/.exec(message)?.slice(1).find(Boolean) ??
  '';

/** `No findings.` or `2 errors, 1 warning.` */
export function findingsSummary(findings: readonly Finding[]): string {
  const counts = (['error', 'warning', 'note'] as const).flatMap((severity) => {
    const number = findings.filter((each) => each.severity === severity).length;
    return number > 0 ? [pluralize(number, severity)] : [];
  });
  return counts.length === 0 ? 'No findings.' : `${counts.join(', ')}.`;
}

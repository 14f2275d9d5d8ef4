import type { Finding, OrgConfig } from '../model';
import { groupBy } from './group-by';

/** What was found in what one org gets. */
export interface OrgFindings {
  readonly org: OrgConfig;
  readonly findings: readonly Finding[];
}

/** Two findings with the same identity say the same of the same place. */
const findingKey = ({ rule, component, path, file, line, message }: Finding): string =>
  JSON.stringify([rule, component, path, file, line, message]);

/** Each finding once. */
export const dedupe = (findings: readonly Finding[]): readonly Finding[] => [
  ...new Map(findings.map((finding) => [findingKey(finding), finding])).values(),
];

/**
 * What the orgs add to what was found already, each once. A finding that does not stand in an org's own file says in
 * which orgs it holds, for the source alone does not show it.
 */
export function perOrgFindings(orgFindings: readonly OrgFindings[], known: readonly Finding[]): readonly Finding[] {
  const knownKeys = new Set(known.map(findingKey));
  const entries = orgFindings.flatMap(({ org, findings }) => dedupe(findings).map((finding) => ({ org, finding })));
  const newEntries = entries.filter(({ finding }) => !knownKeys.has(findingKey(finding)));
  return groupBy(newEntries, ({ finding }) => findingKey(finding)).map(([first, ...rest]) => {
    if (first.finding.file === first.org.file) return first.finding;
    const orgs = [first, ...rest].map(({ org }) => org.alias).join(', ');
    return { ...first.finding, message: `${first.finding.message} (In ${orgs}.)` };
  });
}

/** By file, line, path and rule. */
export const sortFindings = (findings: readonly Finding[]): readonly Finding[] =>
  [...findings].sort(
    (left, right) =>
      compareText(left.file, right.file) ||
      left.line - right.line ||
      compareText(left.path, right.path) ||
      compareText(left.rule, right.rule),
  );

const compareText = (left: string, right: string): number => (left === right ? 0 : left < right ? -1 : 1);

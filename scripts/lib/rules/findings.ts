import { groupBy, type Finding, type OrgConfig } from '../model';

/** The findings in the desired state of one org. */
export interface OrgFindings {
  readonly org: OrgConfig;
  readonly findings: readonly Finding[];
}

/** Two findings with the same key report the same violation at the same place. */
const findingKey = ({ rule, component, path, file, line, message }: Finding): string =>
  JSON.stringify([rule, component, path, file, line, message]);

/** Removes repeated findings. */
export const dedupe = (findings: readonly Finding[]): readonly Finding[] => [
  ...new Map(findings.map((finding) => [findingKey(finding), finding])).values(),
];

/**
 * The findings of the orgs that aren't among `known`, each once. A finding outside the org's own file names the orgs it
 * applies to, because the source alone doesn't show them.
 */
export function perOrgFindings(orgFindings: readonly OrgFindings[], known: readonly Finding[]): readonly Finding[] {
  const knownKeys = new Set(known.map(findingKey));
  const entries = orgFindings.flatMap(({ org, findings }) => dedupe(findings).map((finding) => ({ org, finding })));
  const newEntries = entries.filter(({ finding }) => !knownKeys.has(findingKey(finding)));
  return [...groupBy(newEntries, ({ finding }) => findingKey(finding)).values()].map(([first, ...rest]) => {
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

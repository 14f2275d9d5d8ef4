import type { Finding, OrgConfig } from '../model';
import { grouped } from './grouped';

/** What was found in what one org gets. */
export interface OrgFindings {
  readonly org: OrgConfig;
  readonly findings: readonly Finding[];
}

/** Two findings with the same identity say the same of the same place. */
const identityOf = ({ rule, component, path, file, line, message }: Finding): string =>
  JSON.stringify([rule, component, path, file, line, message]);

/** Each finding once. */
export const joined = (findings: readonly Finding[]): readonly Finding[] => [
  ...new Map(findings.map((finding) => [identityOf(finding), finding])).values(),
];

/**
 * What the orgs add to what was found already, each once. A finding that does not stand in an org's own file says in
 * which orgs it holds, for the source alone does not show it.
 */
export function ofOrgs(found: readonly OrgFindings[], known: readonly Finding[]): readonly Finding[] {
  const before = new Set(known.map(identityOf));
  const told = found.flatMap(({ org, findings }) => joined(findings).map((finding) => ({ org, finding })));
  const fresh = told.filter(({ finding }) => !before.has(identityOf(finding)));
  return grouped(fresh, ({ finding }) => identityOf(finding)).map(([first, ...rest]) => {
    if (first.finding.file === first.org.file) return first.finding;
    const orgs = [first, ...rest].map(({ org }) => org.alias).join(', ');
    return { ...first.finding, message: `${first.finding.message} (In ${orgs}.)` };
  });
}

/** By file, line, path and rule. */
export const inOrder = (findings: readonly Finding[]): readonly Finding[] =>
  [...findings].sort(
    (one, other) =>
      compare(one.file, other.file) ||
      one.line - other.line ||
      compare(one.path, other.path) ||
      compare(one.rule, other.rule),
  );

const compare = (left: string, right: string): number => (left === right ? 0 : left < right ? -1 : 1);

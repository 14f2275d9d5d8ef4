import { EXIT, ToolError, type Explanation } from '../errors';
import type { OrgConfig, OrgFacts } from '../model';

/**
 * Refuses an org that is not the one its file describes: another org id, or production where the file says otherwise
 * (and the other way round). A mix-up here would deploy to customers.
 */
export function verifyIdentity(org: OrgConfig, facts: OrgFacts): void {
  if (facts.orgId.slice(0, 15) !== org.orgId.slice(0, 15)) throw refused(anotherOrg(org, facts));
  if ((facts.kind === 'production') !== (org.kind === 'production')) throw refused(anotherKind(org, facts));
}

const refused = (explanation: Explanation): ToolError =>
  new ToolError('org-identity', explanation, { exit: EXIT.unreachable });

const anotherOrg = ({ alias, file, orgId, kind }: OrgConfig, facts: OrgFacts): Explanation => ({
  what: `The login "${alias}" leads to org ${facts.orgId}, but ${file} pins ${orgId}.`,
  why: 'The alias points at another org, or a sandbox was refreshed and has a new id.',
  fix:
    kind === 'production'
      ? `Log in to the right org under "${alias}", or set "orgId" in ${file} after you have made sure.`
      : `If the sandbox was refreshed: npm run refresh -- --org ${alias}. Otherwise log in to the right org under "${alias}".`,
});

const anotherKind = ({ alias, file, kind }: OrgConfig, facts: OrgFacts): Explanation => ({
  what: `The org "${alias}" is ${named(facts.kind)}, but ${file} says ${named(kind)}.`,
  why: 'What is not surely something else counts as production, and production is never a surprise.',
  fix: `Set "kind" in ${file} to "${facts.kind}", or log in to another org.`,
});

const named = (kind: string): string => (kind === 'production' ? 'production' : `a ${kind} org`);

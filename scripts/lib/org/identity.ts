import { EXIT, ToolError, type ErrorText } from '../errors';
import type { OrgConfig, OrgFacts } from '../model';

/**
 * Refuses an org that is not the one its file describes: another org id, or production where the file says otherwise
 * (and the other way round). A mix-up here would deploy to customers.
 */
export function assertIdentity(org: OrgConfig, facts: OrgFacts): void {
  if (facts.orgId.slice(0, 15) !== org.orgId.slice(0, 15)) throw orgMismatchError(wrongOrgText(org, facts));
  if ((facts.kind === 'production') !== (org.kind === 'production')) throw orgMismatchError(wrongKindText(org, facts));
}

const orgMismatchError = (explanation: ErrorText): ToolError =>
  new ToolError('org-mismatch', explanation, { exit: EXIT.unreachable });

const wrongOrgText = ({ alias, file, orgId, kind }: OrgConfig, facts: OrgFacts): ErrorText => ({
  what: `The login "${alias}" leads to org ${facts.orgId}, but ${file} pins ${orgId}.`,
  why: 'The alias points at another org, or a sandbox was refreshed and has a new id.',
  fix:
    kind === 'production'
      ? `Log in to the right org under "${alias}", or set "orgId" in ${file} after you have made sure.`
      : `If the sandbox was refreshed: npm run post-refresh -- --org ${alias}. Otherwise log in to the right org under "${alias}".`,
});

const wrongKindText = ({ alias, file, kind }: OrgConfig, facts: OrgFacts): ErrorText => ({
  what: `The org "${alias}" is ${describeKind(facts.kind)}, but ${file} says ${describeKind(kind)}.`,
  why: 'What is not surely something else counts as production, and production is never a surprise.',
  fix: `Set "kind" in ${file} to "${facts.kind}", or log in to another org.`,
});

const describeKind = (kind: string): string => (kind === 'production' ? 'production' : `a ${kind} org`);

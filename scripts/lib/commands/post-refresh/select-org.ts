import { loadOrgFiles } from '../../project';
import { EXIT, ToolError, type ErrorText, invalidFlagError } from '../../errors';
import { type OrgConfig, type OrgFacts, npmRun } from '../../model';
import { applyEdits, modify } from 'jsonc-parser';

/** The org to restore, and all other orgs. */
export interface SelectedOrg {
  readonly org: OrgConfig;
  readonly others: readonly OrgConfig[];
}

/** Throws `invalid-flag` unless exactly one org is named, and it has an org file that isn't of production. */
export function selectOrg(project: string, aliases: readonly string[]): SelectedOrg {
  const { orgs } = loadOrgFiles(project);
  const [alias, more] = aliases;
  if (alias === undefined || more !== undefined)
    throw invalidFlagError(
      'post-refresh restores one org.',
      alias === undefined ? 'No org is named.' : 'Several orgs are named, and each needs its own confirmation.',
      `Name the org: ${npmRun('post-refresh', '--org', 'ORG')}`,
    );
  const org = orgs.find((each) => each.alias === alias);
  if (!org)
    throw invalidFlagError(
      `"${alias}" has no valid org file.`,
      `Valid org files: ${orgs.map((each) => each.alias).join(', ') || 'none'}.`,
      `Name one of them, or find the error: ${npmRun('check')}`,
    );
  if (org.kind === 'production') {
    const { what, why, fix } = productionRefused(`${org.file} declares a production org.`);
    throw invalidFlagError(what, why, fix);
  }
  return { org, others: orgs.filter((each) => each !== org) };
}

/** Throws `org-mismatch` unless the org has the kind of its org file, and isn't the org of another file. */
export function assertRefreshed(org: OrgConfig, facts: OrgFacts, others: readonly OrgConfig[]): void {
  if (facts.kind === 'production')
    throw orgMismatchError(productionRefused(`The login "${org.alias}" belongs to a production org.`));
  if (facts.kind !== org.kind)
    throw orgMismatchError({
      what: `The login "${org.alias}" belongs to a ${facts.kind} org, but ${org.file} declares kind ${org.kind}.`,
      why: "A refresh doesn't change the kind of an org, so the login belongs to another org.",
      fix: `Log in to the refreshed org under "${org.alias}".`,
    });
  const duplicate = others.find(({ orgId }) => orgId.slice(0, 15) === facts.orgId.slice(0, 15));
  if (duplicate)
    throw orgMismatchError({
      what: `The login "${org.alias}" belongs to ${facts.orgId}, which is the orgId in ${duplicate.file}.`,
      why: "Two org files can't describe the same org.",
      fix: `Log in to the refreshed org under "${org.alias}".`,
    });
}

const productionRefused = (why: string): ErrorText => ({
  what: "Production can't be refreshed.",
  why,
  fix: 'Name a sandbox, or log in to the right org.',
});

const orgMismatchError = (explanation: ErrorText): ToolError =>
  new ToolError('org-mismatch', explanation, { exit: EXIT.unreachable });

/** The text of an org file with another org ID. Everything else keeps its formatting. */
export const setOrgId = (text: string, orgId: string): string => applyEdits(text, modify(text, ['orgId'], orgId, {}));

import { loadOrgFiles } from '../project';
import { EXIT, ToolError, type ErrorText, invalidFlagError } from '../errors';
import type { OrgConfig, OrgFacts } from '../model';
import { applyEdits, modify } from 'jsonc-parser';

/** The one org that a refresh is about, and the others. */
export interface SelectedOrg {
  readonly org: OrgConfig;
  readonly others: readonly OrgConfig[];
}

/** Throws unless exactly one org is named, it has a file, and that is not production's. */
export function selectOrg(project: string, aliases: readonly string[]): SelectedOrg {
  const { orgs } = loadOrgFiles(project);
  const [alias, more] = aliases;
  if (alias === undefined || more !== undefined)
    throw invalidFlagError(
      'refresh is about one org.',
      alias === undefined ? 'None is named.' : 'Each has to be looked at by itself.',
      'Name it: npm run post-refresh -- --org uat.',
    );
  const org = orgs.find((each) => each.alias === alias);
  if (!org)
    throw invalidFlagError(
      `There is no readable org file for "${alias}".`,
      `config/orgs has ${orgs.map((each) => each.alias).join(', ') || 'none'}.`,
      'Name one of those; see npm run check.',
    );
  if (org.kind === 'production') {
    const { what, why, fix } = productionRefused(`${org.file} says that it is production.`);
    throw invalidFlagError(what, why, fix);
  }
  return { org, others: orgs.filter((each) => each !== org) };
}

/** Throws unless the org is of the kind that its file says, and no other file's org. */
export function assertRefreshed(org: OrgConfig, facts: OrgFacts, others: readonly OrgConfig[]): void {
  if (facts.kind === 'production')
    throw orgMismatchError(productionRefused(`The login "${org.alias}" leads to a production org.`));
  if (facts.kind !== org.kind)
    throw orgMismatchError({
      what: `The login "${org.alias}" leads to a ${facts.kind} org, but ${org.file} says ${org.kind}.`,
      why: 'A refresh does not change the kind of an org, so this is another one.',
      fix: `Log in to the refreshed org under "${org.alias}".`,
    });
  const duplicate = others.find(({ orgId }) => orgId.slice(0, 15) === facts.orgId.slice(0, 15));
  if (duplicate)
    throw orgMismatchError({
      what: `The login "${org.alias}" leads to ${facts.orgId}, which ${duplicate.file} pins.`,
      why: 'One org cannot be two.',
      fix: `Log in to the refreshed org under "${org.alias}".`,
    });
}

const productionRefused = (why: string): ErrorText => ({
  what: 'Production is never refreshed.',
  why,
  fix: 'Name a sandbox. If the login is wrong, log in to the right org.',
});

const orgMismatchError = (explanation: ErrorText): ToolError =>
  new ToolError('org-mismatch', explanation, { exit: EXIT.unreachable });

/** The text of an org file with another org id; everything else in it stays as it is written. */
export const setOrgId = (text: string, orgId: string): string => applyEdits(text, modify(text, ['orgId'], orgId, {}));

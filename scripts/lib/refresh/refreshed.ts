import { readOrgs } from '../config';
import { EXIT, ToolError, type Explanation } from '../errors';
import type { OrgConfig, OrgFacts } from '../model';

/** The one org that a refresh is about, and the others. */
export interface Selected {
  readonly org: OrgConfig;
  readonly others: readonly OrgConfig[];
}

/** Throws unless exactly one org is named, it has a file, and that is not production's. */
export function selectOrg(project: string, aliases: readonly string[]): Selected {
  const { orgs } = readOrgs(project);
  const [alias, more] = aliases;
  if (alias === undefined || more !== undefined)
    throw invalid({
      what: 'refresh is about one org.',
      why: alias === undefined ? 'None is named.' : 'Each has to be looked at by itself.',
      fix: 'Name it: npm run refresh -- --org uat.',
    });
  const org = orgs.find((each) => each.alias === alias);
  if (!org)
    throw invalid({
      what: `There is no readable org file for "${alias}".`,
      why: `config/orgs has ${orgs.map((each) => each.alias).join(', ') || 'none'}.`,
      fix: 'Name one of those; see npm run check.',
    });
  if (org.kind === 'production') throw invalid(isProduction(`${org.file} says that it is production.`));
  return { org, others: orgs.filter((each) => each !== org) };
}

/** Throws unless the org is of the kind that its file says, and no other file's org. */
export function verifyRefreshed(org: OrgConfig, facts: OrgFacts, others: readonly OrgConfig[]): void {
  if (facts.kind === 'production') throw unfit(isProduction(`The login "${org.alias}" leads to a production org.`));
  if (facts.kind !== org.kind)
    throw unfit({
      what: `The login "${org.alias}" leads to a ${facts.kind} org, but ${org.file} says ${org.kind}.`,
      why: 'A refresh does not change the kind of an org, so this is another one.',
      fix: `Log in to the refreshed org under "${org.alias}".`,
    });
  const same = others.find(({ orgId }) => orgId.slice(0, 15) === facts.orgId.slice(0, 15));
  if (same)
    throw unfit({
      what: `The login "${org.alias}" leads to ${facts.orgId}, which ${same.file} pins.`,
      why: 'One org cannot be two.',
      fix: `Log in to the refreshed org under "${org.alias}".`,
    });
}

const isProduction = (why: string): Explanation => ({
  what: 'Production is never refreshed.',
  why,
  fix: 'Name a sandbox. If the login is wrong, log in to the right org.',
});

const invalid = (explanation: Explanation): ToolError => new ToolError('bad-flag', explanation, { exit: EXIT.invalid });

const unfit = (explanation: Explanation): ToolError =>
  new ToolError('org-identity', explanation, { exit: EXIT.unreachable });

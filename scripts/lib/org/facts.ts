import { z } from 'zod';
import { EXIT, ToolError, type ErrorText } from '../errors';
import { npmRun, type OrgConfig, type OrgFacts, type OrgKind } from '../model';
import type { Sf } from '../sf';

/**
 * Field of UserPermissionAccess -> name in Setup. Sources: Help, user verification setup; Metadata API guide,
 * MessagingChannel (special access rules) and deploy() (required permissions).
 */
const PERMISSIONS: Readonly<Record<string, string>> = {
  PermissionsCustomizeApplication: 'Customize Application',
  PermissionsConfigureLiveMessage: 'Configure Messaging',
  PermissionsModifyMetadata: 'Modify Metadata Through Metadata API Functions',
  PermissionsViewSetup: 'View Setup and Configuration',
};

const organization = z.object({
  Id: z.string(),
  Name: z.string().nullish(),
  IsSandbox: z.boolean().nullish(),
  TrialExpirationDate: z.string().nullish(),
  OrganizationType: z.string().nullish(),
});

/** Reads the ID and kind of an org, and the permissions that its user is missing. Throws `org-mismatch` if the org returns no ID. */
export async function readFacts(sf: Sf, alias: string): Promise<OrgFacts> {
  const organizations = await sf.query(
    alias,
    'SELECT Id, Name, IsSandbox, TrialExpirationDate, OrganizationType FROM Organization',
  );
  const missingPermissions = await readMissingPermissions(sf, alias);
  const { data } = organization.safeParse(organizations[0]);
  if (!data) throw unidentifiedOrgError(alias);
  return { orgId: data.Id, kind: kindOf(data), name: data.Name ?? '', missingPermissions };
}

/** The permissions that the user of an org is missing. Without them, Salesforce omits settings when they are retrieved. */
export async function readMissingPermissions(sf: Sf, alias: string): Promise<OrgFacts['missingPermissions']> {
  const [row] = await sf.query(alias, `SELECT ${Object.keys(PERMISSIONS).join(', ')} FROM UserPermissionAccess`);
  return Object.entries(PERMISSIONS).flatMap(([field, label]) => (row?.[field] === true ? [] : [label]));
}

/** An org of unknown kind counts as production. A scratch org is a sandbox with an expiration date. */
function kindOf(org: z.infer<typeof organization>): OrgKind {
  if (org.IsSandbox === true) return org.TrialExpirationDate ? 'scratch' : 'sandbox';
  return org.IsSandbox === false && org.OrganizationType === 'Developer Edition' ? 'developer' : 'production';
}

const unidentifiedOrgError = (alias: string): ToolError =>
  new ToolError('org-mismatch', {
    what: `The org ID of "${alias}" can't be read.`,
    why: 'The query of Organization returned no record.',
    fix: 'Give the user of the login the permission View Setup and Configuration.',
  });

/** The error `missing-permission` if the user of the login is missing permissions; otherwise undefined. */
export function missingPermissionError(alias: string, { missingPermissions }: OrgFacts): ToolError | undefined {
  if (missingPermissions.length === 0) return undefined;
  return new ToolError('missing-permission', {
    what: `The user of the login "${alias}" is missing permissions: ${missingPermissions.join(', ')}. Nothing was changed.`,
    why: 'Without them, Salesforce rejects the deploy or omits settings when they are retrieved.',
    fix: 'Assign a permission set with these permissions to the user, such as User_Verification_Admin in force-app.',
  });
}

/**
 * Throws `org-mismatch` unless the org is the one that its org file declares: the same org ID, and production only if the org
 * file says so. Otherwise a wrong login would deploy to another org's customers.
 */
export function assertIdentity(org: OrgConfig, facts: OrgFacts): void {
  if (!isSameOrg(facts.orgId, org.orgId)) throw orgMismatchError(wrongOrgText(org, facts.orgId));
  if ((facts.kind === 'production') !== (org.kind === 'production')) throw orgMismatchError(wrongKindText(org, facts));
}

/**
 * Reads the org ID again, and throws `org-mismatch` unless it's the one in the org file. Between two reads, a login can be replaced,
 * or its host can serve another org.
 */
export async function assertOrgId(sf: Pick<Sf, 'query'>, org: OrgIdentity): Promise<void> {
  const [row] = await sf.query(org.alias, 'SELECT Id FROM Organization');
  const { data: orgId } = organization.shape.Id.safeParse(row?.['Id']);
  if (orgId === undefined) throw unidentifiedOrgError(org.alias);
  if (!isSameOrg(orgId, org.orgId)) throw orgMismatchError(wrongOrgText(org, orgId));
}

/** The parts of an org file that identify its org. */
type OrgIdentity = Pick<OrgConfig, 'alias' | 'orgId' | 'kind' | 'file'>;

/** An org ID has 15 characters, or 18 with a checksum. */
const isSameOrg = (one: string, other: string): boolean => one.slice(0, 15) === other.slice(0, 15);

const orgMismatchError = (text: ErrorText): ToolError =>
  new ToolError('org-mismatch', text, { exit: EXIT.unreachable });

const wrongOrgText = ({ alias, file, orgId, kind }: OrgIdentity, liveOrgId: string): ErrorText => ({
  what: `The login "${alias}" belongs to org ${liveOrgId}, but "orgId" in ${file} is ${orgId}.`,
  why: 'The alias belongs to another org, or a sandbox was refreshed and has a new org ID.',
  fix:
    kind === 'production'
      ? `Log in to the right org with the alias "${alias}". If the org ID in ${file} is wrong, correct it.`
      : `If the sandbox was refreshed: ${npmRun('post-refresh', '--org', alias)}. Otherwise log in to the right org with the alias "${alias}".`,
});

const wrongKindText = ({ alias, file, kind }: OrgConfig, facts: OrgFacts): ErrorText => ({
  what: `The org "${alias}" is ${describeKind(facts.kind)}, but "kind" in ${file} is "${kind}".`,
  why: 'An org of unknown kind counts as production, and a production org must be declared as such in its org file.',
  fix: `Set "kind" in ${file} to "${facts.kind}", or log in to another org.`,
});

const describeKind = (kind: string): string => (kind === 'production' ? 'a production org' : `a ${kind} org`);

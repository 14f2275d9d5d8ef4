import { z } from 'zod';
import type { OrgFacts, OrgKind } from '../model';
import { ToolError } from '../errors';
import type { Sf } from '../sf';

/** SObject field -> name in Setup. Help: user verification set-up; Metadata API guide: MessagingChannel, special access rules. */
const PERMISSIONS: Readonly<Record<string, string>> = {
  PermissionsCustomizeApplication: 'Customize Application',
  PermissionsConfigureLiveMessage: 'Configure Messaging',
  PermissionsViewSetup: 'View Setup and Configuration',
};

const organization = z.object({
  Id: z.string(),
  Name: z.string().nullish(),
  IsSandbox: z.boolean().nullish(),
  TrialExpirationDate: z.string().nullish(),
  OrganizationType: z.string().nullish(),
});

/** Asks an org who it is and what the user of the login may do. */
export async function readFacts(sf: Sf, alias: string): Promise<OrgFacts> {
  const organizations = await sf.query(
    alias,
    'SELECT Id, Name, IsSandbox, TrialExpirationDate, OrganizationType FROM Organization',
  );
  const permissions = await sf.query(alias, `SELECT ${Object.keys(PERMISSIONS).join(', ')} FROM UserPermissionAccess`);
  const { data } = organization.safeParse(organizations[0]);
  if (!data) throw unidentifiedOrgError(alias);
  const permissionRow = permissions[0] ?? {};
  const missing = Object.entries(PERMISSIONS).filter(([field]) => permissionRow[field] !== true);
  return {
    orgId: data.Id,
    kind: kindOf(data),
    name: data.Name ?? '',
    missingPermissions: missing.map(([, label]) => label),
  };
}

/** What is not surely something else is production. A scratch org says it is a sandbox that expires. */
function kindOf(org: z.infer<typeof organization>): OrgKind {
  if (org.IsSandbox === true) return org.TrialExpirationDate ? 'scratch' : 'sandbox';
  return org.IsSandbox === false && org.OrganizationType === 'Developer Edition' ? 'developer' : 'production';
}

const unidentifiedOrgError = (alias: string): ToolError =>
  new ToolError('org-mismatch', {
    what: `The org "${alias}" does not say who it is.`,
    why: 'The query of Organization came back without a record.',
    fix: 'Give the user of the login the permission View Setup and Configuration.',
  });

import { PREFIX, recordId } from '../identifiers';
import { tryParseDocument, type StoredComponent } from '../metadata/store';
import { childText } from '../metadata/xml';
import type { Org } from '../org/org';
import type { PermissionSetAssignment } from '../org/assignments';
import type { Row, Table } from './table';

const BOTH = ['data', 'tooling'] as const;

/**
 * The only user of the org, the user's profile, and permission sets with their assignments. As in Salesforce, the profile has a
 * permission set of its own. (Object Reference, one page for each object)
 */
export const USER_TABLES: readonly Table[] = [
  {
    name: 'User',
    apis: BOTH,
    fields: {
      Id: 'id',
      Username: 'string',
      Name: 'string',
      FirstName: 'string',
      LastName: 'string',
      Alias: 'string',
      Email: 'string',
      IsActive: 'boolean',
      UserType: 'string',
      ProfileId: 'id',
      UserRoleId: 'id',
      TimeZoneSidKey: 'string',
      LocaleSidKey: 'string',
      LanguageLocaleKey: 'string',
      FederationIdentifier: 'string',
    },
    parents: { Profile: 'Profile' },
    rows: (org) => [userRow(org)],
  },
  {
    name: 'Profile',
    apis: BOTH,
    fields: { Id: 'id', Name: 'string', UserType: 'string', UserLicenseId: 'id' },
    parents: { UserLicense: 'UserLicense' },
    rows: (org) => [profileRow(org)],
  },
  {
    name: 'UserLicense',
    apis: ['data'],
    fields: { Id: 'id', Name: 'string', MasterLabel: 'string', Status: 'string' },
    parents: {},
    rows: (org) => [licenseRow(org)],
  },
  {
    name: 'PermissionSet',
    apis: BOTH,
    fields: {
      Id: 'id',
      Name: 'string',
      Label: 'string',
      Description: 'string',
      Type: 'string',
      NamespacePrefix: 'string',
      IsCustom: 'boolean',
      IsOwnedByProfile: 'boolean',
      ProfileId: 'id',
      LicenseId: 'id',
    },
    parents: { Profile: 'Profile' },
    rows: (org) => [
      profilePermissions(org),
      ...org.metadata.ofType('PermissionSet').map((set) => permissionSetRow(set)),
    ],
  },
  {
    name: 'PermissionSetAssignment',
    apis: ['data'],
    fields: { Id: 'id', AssigneeId: 'id', PermissionSetId: 'id', PermissionSetGroupId: 'id', IsActive: 'boolean' },
    parents: { PermissionSet: 'PermissionSet', Assignee: 'User' },
    rows: (org) => org.assignments.map((assignment) => assignmentRow(org, assignment)),
  },
];

const profileId = (org: Org): string => recordId(PREFIX.profile, org.orgId, 'System Administrator');

function userRow(org: Org): Row {
  return {
    Id: org.userId,
    Username: org.username,
    Name: 'Local Admin',
    FirstName: 'Local',
    LastName: 'Admin',
    Alias: 'admin',
    Email: org.username,
    IsActive: true,
    UserType: 'Standard',
    ProfileId: profileId(org),
    UserRoleId: null,
    FederationIdentifier: null,
    TimeZoneSidKey: 'UTC',
    LocaleSidKey: 'en_US',
    LanguageLocaleKey: 'en_US',
    Profile: profileRow(org),
  };
}

function licenseRow(org: Org): Row {
  const Id = recordId('100', org.orgId, 'Salesforce');
  return { Id, Name: 'Salesforce', MasterLabel: 'Salesforce', Status: 'Active' };
}

function profileRow(org: Org): Row {
  const UserLicense = licenseRow(org);
  return {
    Id: profileId(org),
    Name: 'System Administrator',
    UserType: 'Standard',
    UserLicenseId: UserLicense['Id'] ?? null,
    UserLicense,
  };
}

// The name of the permission set of a profile is generated.
function profilePermissions(org: Org): Row {
  const Id = recordId(PREFIX.permissionSet, org.orgId, 'profile');
  const Profile = profileRow(org);
  return {
    Id,
    Name: `X00e${Id.slice(3, 15)}`,
    Label: `00e${Id.slice(3, 15)}`,
    Description: null,
    Type: 'Profile',
    NamespacePrefix: null,
    IsCustom: false,
    IsOwnedByProfile: true,
    LicenseId: null,
    ProfileId: profileId(org),
    Profile,
  };
}

const permissionSetRow = (component: StoredComponent): Row => {
  const root = tryParseDocument(component);
  return {
    Id: component.record.id,
    Name: component.name,
    Label: childText(root, 'label') ?? null,
    Description: childText(root, 'description') ?? null,
    Type: 'Regular',
    NamespacePrefix: null,
    IsCustom: true,
    IsOwnedByProfile: false,
    ProfileId: null,
    LicenseId: null,
  };
};

function assignmentRow(org: Org, { id, assigneeId, permissionSetId }: PermissionSetAssignment): Row {
  const set = org.metadata.ofType('PermissionSet').find(({ record }) => record.id === permissionSetId);
  return {
    Id: id,
    AssigneeId: assigneeId,
    PermissionSetId: permissionSetId,
    PermissionSetGroupId: null,
    IsActive: true,
    ...(set && { PermissionSet: permissionSetRow(set) }),
    Assignee: userRow(org),
  };
}

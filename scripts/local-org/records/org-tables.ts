import { recordId } from '../identifiers';
import { tryParseDocument } from '../metadata/store';
import { children, childText } from '../metadata/xml';
import type { Org } from '../org/org';
import type { Row, Table } from './table';

const BOTH = ['data', 'tooling'] as const;

/** The org, its business hours, and the permissions of its user. */
export const ORG_TABLES: readonly Table[] = [
  {
    name: 'Organization',
    apis: BOTH,
    fields: {
      Id: 'id',
      Name: 'string',
      InstanceName: 'string',
      IsSandbox: 'boolean',
      TrialExpirationDate: 'datetime',
      NamespacePrefix: 'string',
      OrganizationType: 'string',
    },
    parents: {},
    rows: (org) => [
      {
        Id: org.orgId,
        Name: org.alias,
        InstanceName: 'LOCAL',
        IsSandbox: org.kind === 'sandbox',
        TrialExpirationDate: null,
        NamespacePrefix: null,
        OrganizationType: 'Enterprise Edition',
      },
    ],
  },
  {
    name: 'BusinessHours',
    apis: ['data'],
    fields: { Id: 'id', Name: 'string', IsActive: 'boolean', IsDefault: 'boolean' },
    parents: {},
    rows: businessHoursRows,
  },
  {
    name: 'UserPermissionAccess',
    apis: ['data'],
    fields: {
      Id: 'id',
      PermissionsCustomizeApplication: 'boolean',
      PermissionsConfigureLiveMessage: 'boolean',
      PermissionsViewSetup: 'boolean',
      PermissionsModifyMetadata: 'boolean',
      PermissionsModifyAllData: 'boolean',
      PermissionsApiEnabled: 'boolean',
    },
    parents: {},
    rows: (org) => [
      {
        Id: recordId('000', org.userId),
        PermissionsCustomizeApplication: org.permissions.CustomizeApplication,
        PermissionsConfigureLiveMessage: org.permissions.ConfigureLiveMessage,
        PermissionsViewSetup: org.permissions.ViewSetup,
        PermissionsModifyMetadata: true,
        PermissionsModifyAllData: true,
        PermissionsApiEnabled: true,
      },
    ],
  },
];

// Every org has default business hours. Others are in the settings of business hours. (Metadata API guide, BusinessHoursSettings)
function businessHoursRows(org: Org): Row[] {
  const settings = org.metadata.ofType('Settings').find(({ name }) => name.toLowerCase() === 'businesshours');
  const entries = children(tryParseDocument(settings), 'businessHours');
  const rows = entries.map((entry) => ({
    Name: childText(entry, 'name') ?? '',
    IsActive: childText(entry, 'active') === 'true',
    IsDefault: childText(entry, 'default') === 'true',
  }));
  const all = rows.some(({ IsDefault }) => IsDefault)
    ? rows
    : [{ Name: 'Default', IsActive: true, IsDefault: true }, ...rows];
  return all.map((row) => ({ Id: recordId('01m', org.orgId, row.Name), ...row }));
}

import type { Table } from './table';

type Shape = Pick<Table, 'name' | 'fields' | 'parents'>;

/**
 * Objects of the Tooling API without records: this org runs no Apex, has no packages, and has no standard value set that was changed.
 * The CLI queries them. (Tooling API guide, one page for each object)
 */
const SHAPES: readonly Shape[] = [
  {
    name: 'ApexLog',
    fields: {
      Id: 'id',
      Application: 'string',
      DurationMilliseconds: 'int',
      Location: 'string',
      LogLength: 'int',
      LogUserId: 'id',
      Operation: 'string',
      Request: 'string',
      StartTime: 'datetime',
      Status: 'string',
    },
    parents: { LogUser: 'User' },
  },
  {
    name: 'StandardValueSet',
    fields: { Id: 'id', MasterLabel: 'string', FullName: 'string', Metadata: 'complex' },
    parents: {},
  },
  {
    name: 'InstalledSubscriberPackage',
    fields: { Id: 'id', SubscriberPackageId: 'id', SubscriberPackageVersionId: 'id' },
    parents: { SubscriberPackage: 'SubscriberPackage', SubscriberPackageVersion: 'SubscriberPackageVersion' },
  },
  {
    name: 'SubscriberPackage',
    fields: { Id: 'id', Name: 'string', NamespacePrefix: 'string', Description: 'string' },
    parents: {},
  },
  {
    name: 'SubscriberPackageVersion',
    fields: {
      Id: 'id',
      Name: 'string',
      MajorVersion: 'int',
      MinorVersion: 'int',
      PatchVersion: 'int',
      BuildNumber: 'int',
      IsManaged: 'boolean',
      Package2ContainerOptions: 'string',
    },
    parents: {},
  },
];

export const EMPTY_TABLES: readonly Table[] = SHAPES.map((shape) => ({ ...shape, apis: ['tooling'], rows: () => [] }));

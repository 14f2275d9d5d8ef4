import { tryParseDocument, type StoredComponent } from '../metadata/store';
import { childText, child, children } from '../metadata/xml';
import type { Org } from '../org/org';
import type { Api, Row, Table } from './table';

const BOTH = ['data', 'tooling'] as const;

/** Apex classes and triggers, components, and static resources. (Object Reference and Tooling API guide, one page for each object) */
export const CODE_TABLES: readonly Table[] = [
  {
    name: 'ApexClass',
    apis: BOTH,
    fields: {
      Id: 'id',
      Name: 'string',
      NamespacePrefix: 'string',
      ApiVersion: 'double',
      Status: 'string',
      Body: 'string',
      LengthWithoutComments: 'int',
      CreatedDate: 'datetime',
      LastModifiedDate: 'datetime',
    },
    parents: {},
    rows: (org) => org.metadata.ofType('ApexClass').map(classRow),
  },
  {
    name: 'LightningComponentBundle',
    apis: ['tooling'],
    fields: { Id: 'id', DeveloperName: 'string', MasterLabel: 'string', ApiVersion: 'double' },
    parents: {},
    rows: (org) => org.metadata.ofType('LightningComponentBundle').map(bundleRow),
  },
  {
    name: 'StaticResource',
    apis: BOTH,
    fields: { Id: 'id', Name: 'string', ContentType: 'string', BodyLength: 'int', LastModifiedDate: 'datetime' },
    parents: {},
    rows: (org) => org.metadata.ofType('StaticResource').map(resourceRow),
  },
  {
    name: 'ApexTrigger',
    apis: BOTH,
    fields: {
      Id: 'id',
      Name: 'string',
      NamespacePrefix: 'string',
      TableEnumOrId: 'string',
      Status: 'string',
      ApiVersion: 'double',
      Body: 'string',
    },
    parents: {},
    rows: (org) => org.metadata.ofType('ApexTrigger').map(triggerRow),
  },
];

const contentOf = ({ files }: StoredComponent): Buffer =>
  [...files].find(([path]) => !path.endsWith('-meta.xml'))?.[1] ?? Buffer.alloc(0);

/**
 * The name, namespace, and code of Apex. Salesforce hides the code of a managed package; a seeded component with a namespace in its
 * name counts as one. (Object Reference, ApexClass: NamespacePrefix)
 */
function apexFields(component: StoredComponent): { NamespacePrefix: string | null; Name: string; Body: string } {
  const [, NamespacePrefix = null, Name = component.name] = /^([A-Za-z]\w*?)__(.+)$/.exec(component.name) ?? [];
  const isHidden = NamespacePrefix !== null;
  return { NamespacePrefix, Name, Body: isHidden ? '(hidden)' : contentOf(component).toString('utf8') };
}

function classRow(component: StoredComponent): Row {
  const root = tryParseDocument(component);
  const apex = apexFields(component);
  return {
    Id: component.record.id,
    ...apex,
    ApiVersion: Number(childText(root, 'apiVersion') ?? 0),
    Status: childText(root, 'status') ?? 'Active',
    LengthWithoutComments: apex.Body.length,
    CreatedDate: component.record.createdDate,
    LastModifiedDate: component.record.lastModifiedDate,
  };
}

function bundleRow(component: StoredComponent): Row {
  const root = tryParseDocument(component);
  return {
    Id: component.record.id,
    DeveloperName: component.name,
    MasterLabel: childText(root, 'masterLabel') ?? component.name,
    ApiVersion: Number(childText(root, 'apiVersion') ?? 0),
  };
}

const resourceRow = (component: StoredComponent): Row => ({
  Id: component.record.id,
  Name: component.name,
  ContentType: childText(tryParseDocument(component), 'contentType') ?? null,
  BodyLength: contentOf(component).length,
  LastModifiedDate: component.record.lastModifiedDate,
});

function triggerRow(component: StoredComponent): Row {
  const root = tryParseDocument(component);
  const [, object = null] = /\bon\s+(\w+)/i.exec(contentOf(component).toString('utf8')) ?? [];
  return {
    Id: component.record.id,
    ...apexFields(component),
    TableEnumOrId: object,
    Status: childText(root, 'status') ?? 'Active',
    ApiVersion: Number(childText(root, 'apiVersion') ?? 0),
  };
}

/** The custom metadata types of an org as tables. (Object Reference, "Custom Metadata Type__mdt") */
export const customMetadataTables = (org: Org): readonly Table[] =>
  org.metadata
    .ofType('CustomObject')
    .filter(({ name }) => name.endsWith('__mdt'))
    .map(customMetadataTable);

function customMetadataTable(type: StoredComponent): Table {
  const fields = children(tryParseDocument(type), 'fields').flatMap((field) => childText(field, 'fullName') ?? []);
  return {
    name: type.name,
    apis: BOTH satisfies readonly Api[],
    fields: {
      Id: 'id',
      DeveloperName: 'string',
      MasterLabel: 'string',
      Label: 'string',
      QualifiedApiName: 'string',
      NamespacePrefix: 'string',
      Language: 'string',
      ...Object.fromEntries(fields.map((name) => [name, 'string' as const])),
    },
    parents: {},
    rows: (org) => recordsOf(org, type.name).map((record) => recordRow(record, fields)),
  };
}

const recordsOf = (org: Org, type: string): readonly StoredComponent[] =>
  org.metadata
    .ofType('CustomMetadata')
    .filter(({ name }) => name.toLowerCase().startsWith(`${type.replace(/__mdt$/, '').toLowerCase()}.`));

function recordRow(record: StoredComponent, fields: readonly string[]): Row {
  const root = tryParseDocument(record);
  const values = new Map(
    children(root, 'values').map((value) => [childText(value, 'field'), child(value, 'value')?.text.trim() ?? '']),
  );
  const name = record.name.slice(record.name.indexOf('.') + 1);
  const label = childText(root, 'label') ?? name;
  return {
    Id: record.record.id,
    DeveloperName: name,
    MasterLabel: label,
    Label: label,
    QualifiedApiName: name,
    NamespacePrefix: null,
    Language: 'en_US',
    ...Object.fromEntries(fields.map((field) => [field, values.get(field) || null])),
  };
}

import { recordRoot } from './record-json';
import type { Api, FieldType, Table } from './table';

/** Objects and fields that requests can write. (Object Reference) */
const CREATABLE = ['PermissionSetAssignment'];
export const UPDATABLE_FIELDS: Readonly<Record<string, readonly string[]>> = {
  MessagingChannel: ['IsActive', 'SessionHandlerId', 'FallbackQueueId'],
};

/** The description of an object in a list. (REST API guide, Describe Global) */
export function summaryOf({ name, fields }: Table, version: string, api: Api): object {
  const url = `${recordRoot(version, api)}/${name}`;
  const isCreatable = CREATABLE.includes(name);
  return {
    name,
    label: name,
    labelPlural: name,
    keyPrefix: null,
    custom: /__(c|mdt)$/.test(name),
    customSetting: false,
    createable: isCreatable,
    deletable: isCreatable,
    updateable: name in UPDATABLE_FIELDS,
    undeletable: false,
    queryable: true,
    retrieveable: 'Id' in fields,
    searchable: false,
    layoutable: false,
    mergeable: false,
    activateable: false,
    deprecatedAndHidden: false,
    feedEnabled: false,
    hasSubtypes: false,
    isSubtype: false,
    mruEnabled: false,
    replicateable: false,
    triggerable: false,
    urls: { sobject: url, describe: `${url}/describe`, rowTemplate: `${url}/{ID}` },
  };
}

/** The description of an object with the fields that this org knows. (REST API guide, sObject Describe) */
export function describeTable(table: Table, version: string, api: Api): object {
  return {
    ...summaryOf(table, version, api),
    actionOverrides: [],
    childRelationships: [],
    namedLayoutInfos: [],
    recordTypeInfos: [],
    supportedScopes: [],
    compactLayoutable: false,
    searchLayoutable: false,
    listviewable: null,
    lookupLayoutable: null,
    fields: Object.entries(table.fields).map(([name, type]) => describeField(table, name, type)),
  };
}

// Data types of fields and their SOAP types. (Object Reference, "Field Types")
const TYPES: Readonly<Record<FieldType, readonly [type: string, soapType: string, length: number]>> = {
  id: ['reference', 'tns:ID', 18],
  string: ['string', 'xsd:string', 255],
  boolean: ['boolean', 'xsd:boolean', 0],
  int: ['int', 'xsd:int', 0],
  double: ['double', 'xsd:double', 0],
  datetime: ['datetime', 'xsd:dateTime', 0],
  complex: ['complexvalue', 'urn:complexvalue', 0],
};

function describeField(table: Table, name: string, fieldType: FieldType): object {
  const [type, soapType, length] = name === 'Id' ? (['id', 'tns:ID', 18] as const) : TYPES[fieldType];
  const relationshipName = fieldType === 'id' && name.endsWith('Id') ? name.slice(0, -2) : '';
  const parent = table.parents[relationshipName];
  return {
    name,
    label: name,
    type,
    soapType,
    length,
    byteLength: length * 3,
    digits: type === 'int' ? 9 : 0,
    precision: type === 'double' ? 18 : 0,
    scale: 0,
    custom: name.endsWith('__c'),
    nillable: name !== 'Id',
    createable: CREATABLE.includes(table.name) && /^(Assignee|PermissionSet)Id$/.test(name),
    updateable: UPDATABLE_FIELDS[table.name]?.includes(name) ?? false,
    filterable: type !== 'complexvalue',
    sortable: type !== 'complexvalue',
    groupable: !['complexvalue', 'datetime', 'double'].includes(type),
    aggregatable: type !== 'complexvalue',
    autoNumber: false,
    calculated: false,
    unique: false,
    externalId: false,
    defaultedOnCreate: name === 'Id',
    idLookup: name === 'Id',
    nameField: name === 'Name',
    picklistValues: [],
    referenceTo: parent ? [parent] : [],
    relationshipName: parent ? relationshipName : null,
    defaultValue: null,
    deprecatedAndHidden: false,
    inlineHelpText: null,
    permissionable: false,
    restrictedPicklist: false,
    encrypted: false,
    htmlFormatted: false,
    caseSensitive: false,
  };
}

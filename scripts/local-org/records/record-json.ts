import { valueAt, type FieldPath } from './field-path';
import type { QueryResult } from './run-query';
import { toText, type Api, type Row, type Table } from './table';

/** Formats a record with the requested fields. The fields of a parent are in a nested object. */
export function recordJson(row: Row, table: Table, paths: readonly FieldPath[], root: string) {
  const json: Record<string, unknown> = { attributes: recordAttributes(row, table, root) };
  for (const path of paths) {
    if (!path.relationship) json[path.field] = valueAt(row, path);
    else addParentField(json, row, path, root);
  }
  return json;
}

/** The root of record URLs. The Tooling API has its own. */
export function recordRoot(version: string, api: Api): string {
  return `/services/data/v${version}/${api === 'tooling' ? 'tooling/' : ''}sobjects`;
}

/** The response to a query with columns=true. The CLI gets its table headings from it. */
export function columnsJson({ table, paths, query }: QueryResult) {
  return {
    columnMetadata: [
      ...paths.map((path, index) => columnJson(path, query.fields[index]?.name ?? path.field)),
      ...query.counts.map(({ name }) => ({ ...columnJson({ field: name, type: 'int' }, 'COUNT'), aggregate: true })),
    ],
    entityName: table.name,
    groupBy: query.groupBy.length > 0,
    idSelected: paths.some(({ field, relationship }) => field === 'Id' && !relationship),
    keyPrefix: null,
  };
}

function columnJson({ field, type, relationship }: FieldPath, displayName: string): object {
  return {
    aggregate: false,
    apexType:
      { id: 'Id', boolean: 'Boolean', int: 'Integer', double: 'Double', datetime: 'Datetime' }[type as string] ??
      'String',
    booleanType: type === 'boolean',
    columnName: relationship ? relationship.name : field,
    custom: false,
    displayName,
    foreignKeyName: null,
    insertable: false,
    joinColumns: relationship ? [{ ...columnJson({ field, type }, field) }] : [],
    numberType: type === 'int' || type === 'double',
    textType: type === 'string' || type === 'id',
    updatable: field === 'IsActive',
  };
}

function addParentField(json: Record<string, unknown>, row: Row, path: FieldPath, root: string): void {
  const { relationship, field } = path;
  if (!relationship) return;
  const parent = row[relationship.name] as Row | null;
  const own = (json[relationship.name] as Record<string, unknown> | undefined) ?? {
    attributes: parent && recordAttributes(parent, relationship.table, root),
  };
  json[relationship.name] = parent ? { ...own, [field]: valueAt(row, path) } : null;
}

function recordAttributes(row: Row, table: Table, root: string) {
  return { type: table.name, url: `${root}/${table.name}/${toText(row['Id'])}` };
}

import { ApiError } from '../api-error';
import type { Org } from '../org/org';
import { resolveField, valueAt, type FieldPath } from './field-path';
import { compareValues, compileCondition } from './condition';
import { aggregate, isAggregate } from './aggregate';
import { parseQuery } from './parser';
import type { Condition, Literal, Query, Subquery } from './query';
import { unsupportedTypeError } from './query-error';
import type { Api, Row, Table } from './table';
import { findTable } from './tables';

/** The rows of a query and its resolved fields. */
export interface QueryResult {
  readonly table: Table;
  readonly query: Query;
  readonly paths: readonly FieldPath[];
  readonly rows: readonly Row[];
  /** the aggregate results of a query with COUNT(field) or GROUP BY, which returns them instead of rows */
  readonly aggregates?: readonly Row[];
}

/** Runs a SOQL query. Throws an ApiError with Salesforce's code and pointer for an invalid query. */
export function runQuery(org: Org, text: string, api: Api): QueryResult {
  const query = parseQuery(text, org.now());
  const table = findTable(query.from.name, api, org);
  if (!table) throw unsupportedTypeError(text, query.from.position, query.from.name);
  const paths = [...query.fields.map((field) => resolveField(text, field, table, api)), ...fieldGroup(query, table)];
  const found = findRows(org, text, { table, api }, query.where);
  if (isAggregate(query)) return { table, query, paths, rows: [], aggregates: aggregate(query, found, table, api) };
  const rows = sortRows(found, query, table, api);
  const offset = query.offset ?? 0;
  const page = rows.slice(offset, query.limit === undefined ? undefined : offset + query.limit);
  assertSingleComplexRow(paths, page);
  return { table, query, paths, rows: page };
}

/** Returns the rows that match a condition, which can contain other queries of the same API. */
function findRows(
  org: Org,
  text: string,
  { table, api }: { readonly table: Table; readonly api: Api },
  where: Condition | undefined,
): Row[] {
  const lookup = ({ field, from, where: inner }: Subquery): readonly Literal[] => {
    const other = findTable(from.name, api, org);
    if (!other) throw unsupportedTypeError(text, from.position, from.name);
    const path = resolveField(text, field, other, api);
    return findRows(org, text, { table: other, api }, inner).map((row) => valueAt(row, path) as Literal);
  };
  return table.rows(org).filter(where ? compileCondition(text, where, { table, api }, lookup) : () => true);
}

/**
 * Returns the fields of FIELDS(). This org knows a part of the fields of an object. ALL and CUSTOM need a limit of at most 200.
 * (SOQL and SOSL Reference, FIELDS())
 */
function fieldGroup({ fieldGroup: group, limit = Infinity }: Query, table: Table): FieldPath[] {
  if (group === undefined) return [];
  if (group !== 'STANDARD' && limit > 200)
    throw new ApiError('MALFORMED_QUERY', 'The SOQL FIELDS function must have a LIMIT of at most 200');
  return Object.entries(table.fields)
    .filter(
      ([field, type]) => type !== 'complex' && (group === 'ALL' || field.endsWith('__c') === (group === 'CUSTOM')),
    )
    .map(([field, type]) => ({ field, type }));
}

function sortRows(rows: Row[], { text, orderBy }: Query, table: Table, api: Api): Row[] {
  const orders = orderBy.map(({ field, descending }) => ({ path: resolveField(text, field, table, api), descending }));
  return rows.toSorted((left, right) => {
    for (const { path, descending } of orders) {
      const difference = compareValues(valueAt(left, path), valueAt(right, path));
      if (difference !== 0) return descending ? -difference : difference;
    }
    return 0;
  });
}

// Tooling API guide: a query for Metadata or FullName can return only one row.
function assertSingleComplexRow(paths: readonly FieldPath[], rows: readonly Row[]): void {
  if (rows.length < 2 || !paths.some(({ field }) => field === 'Metadata' || field === 'FullName')) return;
  throw new ApiError(
    'MALFORMED_QUERY',
    'When retrieving results with Metadata or FullName fields, the query qualifications must specify no more than one ' +
      `row for retrieval. Result size: ${rows.length}`,
  );
}

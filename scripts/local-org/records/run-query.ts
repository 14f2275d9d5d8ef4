import { ApiError } from '../api-error';
import type { Org } from '../org/org';
import { resolveField, valueAt, type FieldPath } from './field-path';
import { compareValues, compileCondition } from './condition';
import { aggregate, isAggregate } from './aggregate';
import { parseQuery } from './parser';
import type { Query } from './query';
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
  const query = parseQuery(text);
  const table = findTable(query.from.name, api, org);
  if (!table) throw unsupportedTypeError(text, query.from.position, query.from.name);
  const paths = query.fields.map((field) => resolveField(text, field, table, api));
  const matches = query.where ? compileCondition(text, query.where, table, api) : () => true;
  const found = table.rows(org).filter(matches);
  if (isAggregate(query)) return { table, query, paths, rows: [], aggregates: aggregate(query, found, table, api) };
  const rows = sortRows(found, query, table, api);
  const offset = query.offset ?? 0;
  const page = rows.slice(offset, query.limit === undefined ? undefined : offset + query.limit);
  assertSingleComplexRow(paths, page);
  return { table, query, paths, rows: page };
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

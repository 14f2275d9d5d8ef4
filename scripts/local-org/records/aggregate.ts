import { ApiError, UnsupportedError } from '../api-error';
import { resolveField, valueAt, type FieldPath } from './field-path';
import type { FieldRef, Query } from './query';
import { toText, type Api, type FieldType, type Row, type Table } from './table';

/** Whether a query returns aggregate results instead of records. */
export const isAggregate = ({ counts, groupBy }: Query): boolean => counts.length > 0 || groupBy.length > 0;

/** Properties of fields in the object reference: these types have the property Group; dates with a time don't. */
const GROUPABLE: readonly FieldType[] = ['id', 'string', 'boolean', 'int'];

/**
 * Groups rows as GROUP BY does, and counts the values that aren't null in each group. Without GROUP BY, all rows are one group. Each
 * result has the grouped fields that are selected, and the counts. (SOQL and SOSL reference, GROUP BY and its considerations)
 */
export function aggregate(query: Query, rows: readonly Row[], table: Table, api: Api): readonly Row[] {
  const { text, fields, counts, groupBy, limit } = query;
  assertSupported(query);
  const resolve = (field: FieldRef): FieldPath => resolveField(text, field, table, api);
  const keys = groupBy.map((field) => groupablePath(field, resolve(field)));
  fields.forEach((field) => assertGrouped(field, groupBy));
  const counted = counts.map(({ field, name }) => ({ name, path: resolve(field) }));
  const all = groupBy.length === 0 ? [rows] : groupRows(rows, keys);
  return all.slice(0, limit).map((group) => ({
    ...Object.fromEntries(fields.map((each) => resultField(resolve(each), group[0]))),
    ...Object.fromEntries(counted.map(({ name, path }) => [name, countOf(group, path)])),
  }));
}

function groupRows(rows: readonly Row[], keys: readonly FieldPath[]): readonly (readonly Row[])[] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = JSON.stringify(keys.map((path) => valueAt(row, path)));
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return [...groups.values()];
}

const resultField = (path: FieldPath, row: Row | undefined) => [path.field, row ? valueAt(row, path) : null] as const;

const countOf = (rows: readonly Row[], path: FieldPath): number =>
  rows.filter((row) => toText(valueAt(row, path)) !== '').length;

function groupablePath({ name }: FieldRef, path: FieldPath): FieldPath {
  if (GROUPABLE.includes(path.type)) return path;
  throw new ApiError('MALFORMED_QUERY', `field '${name}' can not be grouped in a query call`);
}

function assertGrouped({ name }: FieldRef, groupBy: readonly FieldRef[]): void {
  if (groupBy.some((each) => each.name.toLowerCase() === name.toLowerCase())) return;
  throw new ApiError('MALFORMED_QUERY', `Field must be grouped or aggregated: ${name}`);
}

/** A query with a count and LIMIT needs GROUP BY. (SOQL and SOSL reference, considerations for GROUP BY) */
function assertSupported({ groupBy, orderBy, limit, offset }: Query): void {
  if (limit !== undefined && groupBy.length === 0)
    throw new ApiError(
      'MALFORMED_QUERY',
      'Non-grouped query that uses overall aggregate functions cannot also use LIMIT',
    );
  if (orderBy.length > 0 || offset !== undefined)
    throw new UnsupportedError(
      'MALFORMED_QUERY',
      'ORDER BY and OFFSET with GROUP BY are not supported by the local org.',
    );
}

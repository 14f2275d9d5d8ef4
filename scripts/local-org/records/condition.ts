import { sameId } from '../identifiers';
import { resolveField, valueAt } from './field-path';
import type { Period } from './date-literals';
import type { Comparison, Condition, Literal, Operator, Subquery } from './query';
import { toText, type Api, type FieldType, type RecordValue, type Row, type Table } from './table';

type RowPredicate = (row: Row) => boolean;

/** Returns the values of a subquery. */
export type Lookup = (subquery: Subquery) => readonly Literal[];

/** Compiles the condition of a WHERE clause to a predicate. Throws for unknown fields, even if there are no rows. */
export function compileCondition(
  text: string,
  condition: Condition,
  { table, api }: { readonly table: Table; readonly api: Api },
  lookup: Lookup,
): RowPredicate {
  if (condition.kind === 'not') {
    const inner = compileCondition(text, condition.inner, { table, api }, lookup);
    return (row) => !inner(row);
  }
  if (condition.kind === 'comparison') return compileComparison(text, condition, { table, api }, lookup);
  const [left, right] = condition.sides.map((side) => compileCondition(text, side, { table, api }, lookup)) as [
    RowPredicate,
    RowPredicate,
  ];
  return condition.kind === 'and' ? (row) => left(row) && right(row) : (row) => left(row) || right(row);
}

function compileComparison(
  text: string,
  { field, operator, values, subquery }: Comparison,
  { table, api }: { readonly table: Table; readonly api: Api },
  lookup: Lookup,
): RowPredicate {
  const path = resolveField(text, field, table, api);
  const compared = subquery ? lookup(subquery) : values;
  if (operator === 'LIKE') {
    const pattern = likePattern(toText(compared[0]));
    return (row) => pattern.test(toText(valueAt(row, path)));
  }
  const expected = path.type === 'datetime' ? compared.map(toIsoDate) : compared;
  return (row) => matchesOperator(valueAt(row, path), operator, expected, path.type);
}

/** Records have dates as ISO 8601 in UTC with milliseconds, so that dates in this form are in order as texts. */
function toIsoDate(value: Literal): Literal {
  const at = typeof value === 'string' ? new Date(value) : undefined;
  return at === undefined || Number.isNaN(at.getTime()) ? value : at.toISOString();
}

function matchesOperator(
  value: RecordValue,
  operator: Exclude<Operator, 'LIKE'>,
  values: readonly Literal[],
  type: FieldType,
): boolean {
  const [expected = null] = values;
  if (isPeriod(expected)) return matchesPeriod(value, operator, expected);
  switch (operator) {
    case '=':
      return equals(value, expected, type);
    case '!=':
      return !equals(value, expected, type);
    case 'IN':
      return values.some((candidate) => equals(value, candidate, type));
    case 'NOT IN':
      return !values.some((candidate) => equals(value, candidate, type));
    default:
      return matchesOrder(value, operator, expected, type);
  }
}

const isPeriod = (literal: Literal): literal is Period => typeof literal === 'object' && literal !== null;

/** A time equals a period if it is in the period. (SOQL and SOSL Reference, date literals) */
function matchesPeriod(value: RecordValue, operator: Operator, { start, end }: Period): boolean {
  if (value === null) return operator === '!=';
  const time = new Date(toText(value)).getTime();
  const [from, to] = [Date.parse(start), Date.parse(end)];
  switch (operator) {
    case '=':
      return time >= from && time < to;
    case '!=':
      return time < from || time >= to;
    case '<':
      return time < from;
    case '<=':
      return time < to;
    case '>':
      return time >= to;
    case '>=':
      return time >= from;
    default:
      return false;
  }
}

// SOQL compares text case-insensitively, and accepts IDs with 15 characters.
function equals(value: RecordValue, expected: Literal, type: FieldType): boolean {
  if (value === null || expected === null) return value === expected;
  if (type === 'id') return sameId(toText(value), toText(expected));
  if (type === 'datetime') return toText(value) === toText(expected);
  return toText(value).toLowerCase() === toText(expected).toLowerCase();
}

function matchesOrder(value: RecordValue, operator: Operator, expected: Literal, type: FieldType): boolean {
  if (value === null || expected === null) return false;
  const difference =
    type === 'datetime' ? compareTexts(toText(value), toText(expected)) : compareValues(value, expected);
  if (operator === '<') return difference < 0;
  if (operator === '<=') return difference <= 0;
  return operator === '>' ? difference > 0 : difference >= 0;
}

const compareTexts = (left: string, right: string): number => (left < right ? -1 : Number(left > right));

/** Returns a negative number if left sorts before right. null sorts first. */
export function compareValues(left: RecordValue, right: RecordValue): number {
  if (left === null || right === null) return Number(left !== null) - Number(right !== null);
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  return toText(left).localeCompare(toText(right), 'en', { sensitivity: 'base' });
}

function likePattern(pattern: string): RegExp {
  const source = pattern
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replace(/%/g, '[\\s\\S]*')
    .replace(/_/g, '[\\s\\S]');
  return new RegExp(`^${source}$`, 'i');
}

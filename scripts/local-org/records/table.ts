import type { Org } from '../org/org';

export type FieldType = 'id' | 'string' | 'boolean' | 'int' | 'double' | 'datetime' | 'complex';

/** A value of a field. An object is the parent record of a relationship. */
export type RecordValue = string | number | boolean | null | object;

export type Row = Readonly<Record<string, RecordValue>>;

/** Returns a value as text; an empty text for null and a parent record. */
export const toText = (value: RecordValue | undefined): string =>
  value === undefined || typeof value === 'object' ? '' : String(value);

/** An sObject that can be queried. */
export interface Table {
  readonly name: string;
  /** the APIs in which it is available */
  readonly apis: readonly Api[];
  readonly fields: Readonly<Record<string, FieldType>>;
  /** relationship name -> object name */
  readonly parents: Readonly<Record<string, string>>;
  rows(org: Org): Row[];
}

export type Api = 'data' | 'tooling';

/** Returns the exact name of a field, case-insensitively; undefined if the object doesn't have it. */
export function findField(table: Table, name: string): string | undefined {
  return Object.keys(table.fields).find((field) => field.toLowerCase() === name.toLowerCase());
}

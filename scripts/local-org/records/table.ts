import type { Org } from '../org/org';

export type FieldType = 'id' | 'string' | 'boolean' | 'int' | 'double' | 'datetime' | 'complex';

/** A value of a record; a parent record under the name of its relationship. */
export type RecordValue = string | number | boolean | null | object;

export type Row = Readonly<Record<string, RecordValue>>;

/** A value as text; a parent record and null have none. */
export const toText = (value: RecordValue | undefined): string =>
  value === undefined || typeof value === 'object' ? '' : String(value);

/** An sObject that can be queried. */
export interface Table {
  readonly name: string;
  /** which of the two APIs know it */
  readonly apis: readonly Api[];
  readonly fields: Readonly<Record<string, FieldType>>;
  /** relationship name -> the object it leads to */
  readonly parents: Readonly<Record<string, string>>;
  rows(org: Org): Row[];
}

export type Api = 'data' | 'tooling';

/** A field by any spelling of its letters; undefined when the object has none of that name. */
export function findField(table: Table, name: string): string | undefined {
  return Object.keys(table.fields).find((field) => field.toLowerCase() === name.toLowerCase());
}

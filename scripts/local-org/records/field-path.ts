import type { FieldRef } from './query';
import { unknownFieldError, unknownRelationshipError } from './query-error';
import { findField, type Api, type FieldType, type RecordValue, type Row, type Table } from './table';
import { findTable } from './tables';

/** A field as it was found: the relationship it is reached by, its right spelling, its type. */
export interface FieldPath {
  readonly relationship?: { readonly name: string; readonly table: Table };
  readonly field: string;
  readonly type: FieldType;
}

/** Finds a field, or one of the parent: Queue.DeveloperName. The object's own name or alias may stand in front. */
export function resolveField(text: string, ref: FieldRef, table: Table, api: Api): FieldPath {
  const [first = '', second] = ref.name.split('.');
  if (second === undefined) return ownField(text, ref, first, table);
  if (first.toLowerCase() === table.name.toLowerCase()) return ownField(text, ref, second, table);
  const name = Object.keys(table.parents).find((parent) => parent.toLowerCase() === first.toLowerCase());
  const parent = name && findTable(table.parents[name] ?? '', api);
  if (!name || !parent) throw unknownRelationshipError(text, ref.position, first);
  return { ...ownField(text, ref, second, parent), relationship: { name, table: parent } };
}

export function valueAt(row: Row, path: FieldPath): RecordValue {
  if (!path.relationship) return row[path.field] ?? null;
  const parent = row[path.relationship.name] as Row | undefined;
  return parent?.[path.field] ?? null;
}

function ownField(text: string, ref: FieldRef, name: string, table: Table): FieldPath {
  const field = findField(table, name);
  const type = field && table.fields[field];
  if (!field || !type) throw unknownFieldError(text, ref.position, name, table.name);
  return { field, type };
}

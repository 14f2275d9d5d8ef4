import type { FieldRef } from './query';
import { unknownFieldError, unknownRelationshipError } from './query-error';
import { findField, type Api, type FieldType, type RecordValue, type Row, type Table } from './table';
import { findTable } from './tables';

/** A resolved field: its relationship, its exact name, and its type. */
export interface FieldPath {
  readonly relationship?: { readonly name: string; readonly table: Table };
  readonly field: string;
  readonly type: FieldType;
}

/** Resolves a field of the object or of a parent, such as Queue.DeveloperName. The prefix can be the name of the object. */
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

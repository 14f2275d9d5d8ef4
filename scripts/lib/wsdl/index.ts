import generated from './tables.generated.json';
import type { ElementRow, Tables, TypeTable } from './tables';

export { nearest } from './nearest';
export type { ElementRow, Tables, TypeTable } from './tables';

const tables = generated as Tables;
const own = <T>(record: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined;

/** The elements of a metadata type, or of a complex type below one; undefined for a type without a table. */
export const elementsOf = (typeName: string): TypeTable | undefined => own(tables.types, typeName);

/** One element of a type; undefined where the type has no such element. */
export function elementOf(typeName: string, name: string): ElementRow | undefined {
  const table = elementsOf(typeName);
  return table && own(table, name);
}

/** The complex type that an element holds: `EmbeddedMessagingChannel` for `embeddedConfig` of a `MessagingChannel`. */
export const childType = (typeName: string, name: string): string | undefined => elementOf(typeName, name)?.of;

/** Names of the elements that repeat in some type. */
const LISTS: ReadonlySet<string> = new Set(
  Object.values(tables.types).flatMap((table) =>
    Object.entries(table).flatMap(([name, row]) => (row.list ? [name] : [])),
  ),
);

/** Whether an element may occur more than once. */
export const isList = (name: string): boolean => LISTS.has(name);

/** Names of the elements that hold a number in every type that has them. */
const NUMBERS: ReadonlySet<string> = numberNames();

function numberNames(): ReadonlySet<string> {
  const rows = Object.values(tables.types).flatMap((table) => Object.entries(table));
  const others = new Set(rows.filter(([, row]) => row.type !== 'number').map(([name]) => name));
  return new Set(rows.map(([name]) => name).filter((name) => !others.has(name)));
}

/** Whether an element holds a number, so that `1` and `1.0` say the same. */
export const isNumber = (name: string): boolean => NUMBERS.has(name);

import { isKeyedList } from '../model';
import generated from './type-tables.generated.json';
import type { ElementRow, Tables, TypeTable } from './type-tables';

const tables = generated as Tables;
const ownValue = <T>(record: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined;

/** The elements of a metadata type or of a complex type in one; undefined for an unknown type. */
export const elementsOf = (typeName: string): TypeTable | undefined => ownValue(tables.types, typeName);

/** One element of a type; undefined if the type has no such element. */
export function elementOf(typeName: string, name: string): ElementRow | undefined {
  const table = elementsOf(typeName);
  return table && ownValue(table, name);
}

/** The complex type of an element: `EmbeddedMessagingChannel` for `embeddedConfig` of a `MessagingChannel`. */
export const childType = (typeName: string, name: string): string | undefined => elementOf(typeName, name)?.of;

/** Names of the elements that repeat in some type. */
const LIST_ELEMENTS: ReadonlySet<string> = new Set(
  Object.values(tables.types).flatMap((table) =>
    Object.entries(table).flatMap(([name, row]) => (row.list ? [name] : [])),
  ),
);

/** Whether an element may occur more than once. */
export const isListElement = (name: string): boolean => LIST_ELEMENTS.has(name) || isKeyedList(name);

/** Names of the elements that are numbers in every type that has them. */
const NUMBER_ELEMENTS: ReadonlySet<string> = numberElementNames();

function numberElementNames(): ReadonlySet<string> {
  const rows = Object.values(tables.types).flatMap((table) => Object.entries(table));
  const others = new Set(rows.filter(([, row]) => row.type !== 'number').map(([name]) => name));
  return new Set(rows.map(([name]) => name).filter((name) => !others.has(name)));
}

/** Whether an element is a number, so that `1` and `1.0` are equal. */
export const isNumberElement = (name: string): boolean => NUMBER_ELEMENTS.has(name);

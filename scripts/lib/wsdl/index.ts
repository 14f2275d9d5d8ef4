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

import { COMPLEX_TYPES } from './schema';
import type { Field } from './schema/field';
import { children, type XmlElement } from './xml';

type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [name: string]: JsonValue };

/** A component as the Tooling API's Metadata field shows it: every element of its type, null where there is none. */
export function toJson(element: XmlElement, type: string): { readonly [name: string]: JsonValue } {
  const fields = [...(COMPLEX_TYPES[type] ?? [])];
  return Object.fromEntries(fields.map(([name, field]) => [name, fieldValue(children(element, name), field)]));
}

function fieldValue(found: readonly XmlElement[], field: Field): JsonValue {
  if (field.repeated) return found.map((element) => singleValue(element, field.type));
  return found[0] ? singleValue(found[0], field.type) : null;
}

function singleValue(element: XmlElement, type: string): JsonValue {
  const text = element.text.trim();
  if (COMPLEX_TYPES[type]) return toJson(element, type);
  if (type === 'boolean') return text === 'true' || text === '1';
  return type === 'int' || type === 'double' ? Number(text) : text;
}

import { COMPLEX_TYPES } from './schema';
import type { Field } from './schema/field';
import { children, type XmlElement } from './xml';

type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [name: string]: JsonValue };

/** Formats a component like the Metadata field of the Tooling API: each element of its type, or null if it is missing. */
export function toJson(element: XmlElement, type: string): { readonly [name: string]: JsonValue } {
  const fields = [...(COMPLEX_TYPES[type] ?? [])];
  return Object.fromEntries(fields.map(([name, field]) => [name, fieldValue(children(element, name), field)]));
}

function fieldValue(elements: readonly XmlElement[], field: Field): JsonValue {
  if (field.repeated) return elements.map((element) => singleValue(element, field.type));
  return elements[0] ? singleValue(elements[0], field.type) : null;
}

function singleValue(element: XmlElement, type: string): JsonValue {
  const text = element.text.trim();
  if (COMPLEX_TYPES[type]) return toJson(element, type);
  if (type === 'boolean') return text === 'true' || text === '1';
  return type === 'int' || type === 'double' ? Number(text) : text;
}

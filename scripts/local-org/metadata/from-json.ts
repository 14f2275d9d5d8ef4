import { COMPLEX_TYPES } from './schema';
import type { Field } from './schema/field';
import { escapeXml, METADATA_NAMESPACE } from './xml';

/**
 * Writes a component from the Metadata field of the Tooling API, the reverse of `toJson`. Elements that aren't in the type are
 * dropped.
 */
export const fromJson = (value: unknown, type: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<${type} xmlns="${METADATA_NAMESPACE}">\n${members(value, type, '    ')}</${type}>\n`;

function members(value: unknown, type: string, indent: string): string {
  const record = (value ?? {}) as Readonly<Record<string, unknown>>;
  const fields = [...(COMPLEX_TYPES[type] ?? [])];
  return fields.map(([name, field]) => elements(name, record[name], field, indent)).join('');
}

function elements(name: string, value: unknown, field: Field, indent: string): string {
  const values = (Array.isArray(value) ? value : [value]) as readonly unknown[];
  return values
    .filter((each) => each !== null && each !== undefined)
    .map((each) => `${indent}<${name}>${content(each, field.type, indent)}</${name}>\n`)
    .join('');
}

const content = (value: unknown, type: string, indent: string): string =>
  COMPLEX_TYPES[type] ? `\n${members(value, type, `${indent}    `)}${indent}` : escapeXml(String(value));

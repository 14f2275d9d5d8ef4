import { COMPLEX_TYPES, ENUMS } from './schema';
import type { ComplexType, Field } from './schema/field';
import { findType } from './types';
import { METADATA_NAMESPACE, type XmlElement } from './xml';

/** Why the text of a file is not a component of its type. */
export interface SchemaViolation {
  readonly text: string;
  /** where in the file; Salesforce names no place for what is missing */
  readonly at?: XmlElement;
}

/**
 * Reads a component as its WSDL type, as the Metadata API does before anything else looks at it, and returns what does
 * not fit. Types without a table fit always.
 *
 * The texts are Salesforce's, as public deploy logs show them for other types: unknown element, element repeated or torn
 * from its siblings, markup inside plain text, enum, boolean, required field. That of a wrong int is known from the data
 * API, that of a wrong double and of a wrong root element is not known.
 */
export function schemaViolations(type: string, root: XmlElement): SchemaViolation[] {
  const table = COMPLEX_TYPES[type];
  if (!table) return [];
  if (root.name !== type || root.namespace !== METADATA_NAMESPACE) return [rootViolation(root, type)];
  return complexViolations(root, type, table);
}

function rootViolation(root: XmlElement, type: string): SchemaViolation {
  // The wording for a wrong root element is not known.
  return { text: `Error parsing file: Element ${qualifiedName(root)} is not a ${type}`, at: root };
}

function complexViolations(element: XmlElement, type: string, table: ComplexType): SchemaViolation[] {
  const violations = element.children.flatMap((found, index) => childViolations(element, found, index, type, table));
  const missing = [...table].filter(([name, field]) => field.required && !hasValue(element, name));
  return [...violations, ...missing.map(([name]) => ({ text: `Required field is missing: ${name}` }))];
}

function childViolations(
  parent: XmlElement,
  found: XmlElement,
  index: number,
  type: string,
  table: ComplexType,
): SchemaViolation[] {
  const field = found.namespace === METADATA_NAMESPACE ? table.get(found.name) : undefined;
  // What is a component of its own inherits fullName from Metadata.
  if (!field && found.name === 'fullName' && findType(type)) return [];
  if (!field) {
    return [
      {
        text: `Error parsing file: Element ${qualifiedName(found)} invalid at this location in type ${type}`,
        at: found,
      },
    ];
  }
  if (isDuplicate(parent, found, index, field)) {
    return [
      { text: `Error parsing file: Element ${found.name} is duplicated at this location in type ${type}`, at: found },
    ];
  }
  const complex = COMPLEX_TYPES[field.type];
  return complex ? complexViolations(found, field.type, complex) : simpleViolations(found, field);
}

// A single element may come once; the parts of a list must stand next to each other.
function isDuplicate(parent: XmlElement, found: XmlElement, index: number, field: Field): boolean {
  const earlier = parent.children.slice(0, index).findLastIndex((other) => other.name === found.name);
  return earlier >= 0 && (!field.repeated || earlier !== index - 1);
}

function simpleViolations(element: XmlElement, field: Field): SchemaViolation[] {
  if (!isSimple(field)) return [];
  const inner = element.children[0];
  if (inner) {
    const text = `Error parsing file: Unexpected element ${qualifiedName(inner)} during simple type deserialization`;
    return [{ text, at: inner }];
  }
  const text = valueProblem(element.text, field.type);
  return text ? [{ text: `Error parsing file: ${text}`, at: element }] : [];
}

function isSimple({ type }: Field): boolean {
  return ['string', 'boolean', 'int', 'double'].includes(type) || ENUMS[type] !== undefined;
}

function valueProblem(raw: string, type: string): string | undefined {
  const value = raw.trim();
  switch (type) {
    case 'string':
      return undefined;
    case 'boolean':
      if (['true', 'false', '0', '1'].includes(value)) return undefined;
      return `'${value}' is not valid for type xsd:boolean, should be '0', '1', 'true' or 'false'`;
    case 'int':
      return isInt(value) ? undefined : `'${value}' is not a valid value for the type xsd:int`;
    case 'double':
      return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(value)
        ? undefined
        : `'${value}' is not a valid value for the type xsd:double`;
    default:
      return enumProblem(value, type);
  }
}

function isInt(value: string): boolean {
  return /^[+-]?\d+$/.test(value) && Math.abs(Number(value)) < 2 ** 31;
}

function enumProblem(value: string, type: string): string | undefined {
  const allowed = ENUMS[type] ?? [];
  if (allowed.length === 0 || allowed.includes(value)) return undefined;
  return `'${value}' is not a valid value for the enum '${type}'`;
}

function hasValue(element: XmlElement, name: string): boolean {
  const found = element.children.find((other) => other.name === name);
  return found !== undefined && (found.children.length > 0 || found.text.trim() !== '');
}

function qualifiedName(element: XmlElement): string {
  return `{${element.namespace}}${element.name}`;
}

import { COMPLEX_TYPES, ENUMS } from './schema';
import type { ComplexType, Field } from './schema/field';
import { findType } from './types';
import { METADATA_NAMESPACE, type XmlElement } from './xml';

/** A difference between a file and its WSDL type. */
export interface SchemaViolation {
  readonly text: string;
  /** the location in the file; Salesforce reports none for a missing element */
  readonly at?: XmlElement;
}

/**
 * Elements that the tables lack and that the WSDLs of 62.0 to 66.0 have (github.com/forcedotcom/wsdl). Files that orgs returned
 * contain them, also with 67.0: the WSDL of an org depends on its features. They aren't checked.
 */
const ORG_DEPENDENT_ELEMENTS: ReadonlySet<string> = new Set([
  'EmbeddedMessagingChannel.presenceTimeout',
  'EmbdMsgChannelInvitationCondition.embeddedServiceMessagingChannel',
  'MessagingChannelCustomParameter.parameterValueMappings',
  'MessagingChannelStandardParameter.parameterValueMappings',
  'PermissionSet.dataspaceScopes',
  'PermissionSetObjectPermissions.customizeSetup',
  'PermissionSetObjectPermissions.deleteSetup',
  'PermissionSetObjectPermissions.viewSetup',
]);

/**
 * Compares a component with its WSDL type of an API version, as the Metadata API does before it checks anything else. A type
 * without a table has no violations. An element with xsi:nil has a value, because orgs return such files
 * (`<sessionHandlerType xsi:nil="true"/>` in 14 of 68 public channels).
 *
 * These messages are Salesforce's, from public deploy logs of other types: unknown element, duplicate or separated element,
 * markup in a simple type, enum, boolean, required field. The message for an invalid int is from the data API. The messages for
 * an invalid double and a wrong root element aren't known.
 */
export function schemaViolations(type: string, root: XmlElement, version = Infinity): SchemaViolation[] {
  const table = COMPLEX_TYPES[type];
  if (!table) return [];
  if (root.name !== type || root.namespace !== METADATA_NAMESPACE) return [rootViolation(root, type)];
  return complexViolations(root, type, table, version);
}

function rootViolation(root: XmlElement, type: string): SchemaViolation {
  return { text: `Error parsing file: Element ${qualifiedName(root)} is not a ${type}`, at: root };
}

function complexViolations(element: XmlElement, type: string, table: ComplexType, version: number): SchemaViolation[] {
  const violations = element.children.flatMap((inner, index) =>
    childViolations(element, inner, index, type, table, version),
  );
  const missing = [...table].filter(([name, field]) => isRequired(field, version) && !hasValue(element, name));
  return [...violations, ...missing.map(([name]) => ({ text: `Required field is missing: ${name}` }))];
}

function childViolations(
  parent: XmlElement,
  element: XmlElement,
  index: number,
  type: string,
  table: ComplexType,
  version: number,
): SchemaViolation[] {
  const field = element.namespace === METADATA_NAMESPACE ? table.get(element.name) : undefined;
  // A top-level component inherits fullName from Metadata.
  if (!field && element.name === 'fullName' && findType(type)) return [];
  if (!field && ORG_DEPENDENT_ELEMENTS.has(`${type}.${element.name}`)) return [];
  if (!field) {
    return [
      {
        text: `Error parsing file: Element ${qualifiedName(element)} invalid at this location in type ${type}`,
        at: element,
      },
    ];
  }
  if (isDuplicate(parent, element, index, field)) {
    return [
      {
        text: `Error parsing file: Element ${element.name} is duplicated at this location in type ${type}`,
        at: element,
      },
    ];
  }
  const complex = COMPLEX_TYPES[field.type];
  if (element.nil) return [];
  return complex ? complexViolations(element, field.type, complex, version) : simpleViolations(element, field);
}

const isRequired = ({ required, requiredSince = 0 }: Field, version: number): boolean =>
  required && version >= requiredSince;

// A single element can occur once. The elements of a list must be adjacent.
function isDuplicate(parent: XmlElement, element: XmlElement, index: number, field: Field): boolean {
  const earlier = parent.children.slice(0, index).findLastIndex((other) => other.name === element.name);
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
  const field = element.children.find((other) => other.name === name);
  return field !== undefined && (field.nil === true || field.children.length > 0 || field.text.trim() !== '');
}

function qualifiedName(element: XmlElement): string {
  return `{${element.namespace}}${element.name}`;
}

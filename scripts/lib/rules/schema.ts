import { groupBy, isKeyedList, naturalKey, uniqueBy, type Component, type Element } from '../model';
import {
  closestMatch,
  elementsOf,
  firstVersionOf,
  firstVersionOfValue,
  isOrgDependentElement,
  type ElementRow,
  type TypeTable,
} from '../metadata';
import { childLocation, childLocations, elementLocation, locationOf, textOf, type SourceLocation } from './location';
import { error, violation, defineRules, warning, type Violation } from './rule';
import { WSDL, WSDL_HISTORY } from './sources';

export const SCHEMA_RULES = defineRules({
  'unknown-element': warning('Every element is declared by its type.', WSDL),
  'newer-element': warning('Every element and value belongs to the API version of the project.', WSDL_HISTORY),
  'missing-element': error('Required elements are present.', WSDL),
  'repeated-element': error('An element that its type allows once occurs once.', WSDL),
  'duplicate-list-item': error('No two items of a list have the same key.', WSDL),
  'bad-value': error('Values match the type that the element declares.', WSDL),
});

/** Checks one component against the declarations of its type in the Metadata WSDL of an API version, such as 67. */
export const checkSchema = (component: Component, apiVersion: number): readonly Violation[] =>
  checkType(locationOf(component), component.type, apiVersion);

function checkType(location: SourceLocation, type: string, version: number): readonly Violation[] {
  const table = elementsOf(type) ?? {};
  const elements = uniqueBy(location.element?.children ?? [], ({ name }) => name).filter(
    ({ name }) => !isOrgDependentElement(type, name),
  );
  return [
    ...elements.flatMap((element) =>
      Object.hasOwn(table, element.name)
        ? checkElements(location, element.name, type, version)
        : [unknownElement(location, element, type, table)],
    ),
    ...Object.keys(table)
      .filter((name) => firstVersionOf(type, name) <= version)
      .flatMap((name) => checkRequired(location, name, type, table[name])),
  ];
}

/** Checks all elements with one declared name below one parent. */
function checkElements(parent: SourceLocation, name: string, type: string, version: number): readonly Violation[] {
  const locations = childLocations(parent, name);
  const row = elementsOf(type)?.[name];
  if (!row) return [];
  return [
    ...locations.flatMap((location) => checkValue(location, name, row, version)),
    ...locations.slice(0, 1).flatMap((location) => checkVersion(location, name, type, version)),
    ...checkRepeated(locations, name, row),
  ];
}

/** Salesforce rejects an element that the API version of the package doesn't declare. */
function checkVersion(location: SourceLocation, name: string, type: string, version: number): readonly Violation[] {
  const value = textOf(location) ?? '';
  // An element of an older version can be required, so only its value is replaced.
  const [since, what, alternative] =
    firstVersionOf(type, name) > version
      ? [firstVersionOf(type, name), `${type}.${name}`, 'remove the element']
      : [firstVersionOfValue(type, name, value), `The value ${value} of ${name}`, 'use another value'];
  if (since <= version) return [];
  const message = `${what} belongs to API ${since}.0 and later, but sourceApiVersion is ${version}.0. Salesforce may reject the file.`;
  const fix = `Set "sourceApiVersion" to "${since}.0" or later, or ${alternative}.`;
  return [violation(SCHEMA_RULES['newer-element'], location, message, fix)];
}

function unknownElement(parent: SourceLocation, element: Element, type: string, table: TypeTable): Violation {
  const { name } = element;
  const suggestion = closestMatch(name, Object.keys(table));
  const message = `${type} has no element "${name}". It is deployed unchanged, and Salesforce may reject the file.`;
  const fix = suggestion
    ? suggestionFix(parent, suggestion, table)
    : 'Remove it, unless a newer API version declares it.';
  return violation(SCHEMA_RULES['unknown-element'], elementLocation(parent, element), message, fix);
}

/** A second element with the suggested name would be an error, unless its type allows several. */
const suggestionFix = (parent: SourceLocation, suggestion: string, table: TypeTable): string =>
  table[suggestion]?.list !== true && childLocation(parent, suggestion).element
    ? `Remove it, because the file already has "${suggestion}".`
    : `Did you mean "${suggestion}"?`;

function checkRequired(
  parent: SourceLocation,
  name: string,
  type: string,
  row: ElementRow | undefined,
): readonly Violation[] {
  const location = childLocation(parent, name);
  // Salesforce itself writes a required element as nil: sessionHandlerType of a channel without routing.
  const hasContent = location.element && (isNil(location.element) || !isEmpty(location.element));
  if (!row?.required || hasContent) return [];
  const message = `${type} requires ${name}. Salesforce rejects it without this element.`;
  return [violation(SCHEMA_RULES['missing-element'], location, message, `Set ${name}${valuesHint(row)}.`)];
}

const isEmpty = ({ text, children }: Element): boolean => text.trim() === '' && children.length === 0;

const valuesHint = (row: ElementRow): string => (row.values ? ` to one of: ${formatValues(row.values)}` : '');

/** A list can repeat an element, but not its key. Other elements occur once. */
function checkRepeated(locations: readonly SourceLocation[], name: string, row: ElementRow): readonly Violation[] {
  const fix = 'Keep one of them.';
  if (row.list) {
    const message = `An earlier ${name} has the same key.`;
    return withDuplicateKey(locations, name).map((location) =>
      violation(SCHEMA_RULES['duplicate-list-item'], location, message, fix),
    );
  }
  const message = `${name} occurs ${locations.length} times. Only one is allowed.`;
  return locations.slice(1, 2).map((location) => violation(SCHEMA_RULES['repeated-element'], location, message, fix));
}

function withDuplicateKey(locations: readonly SourceLocation[], name: string): readonly SourceLocation[] {
  if (!isKeyedList(name)) return [];
  const items = groupBy(locations, ({ element }) => (element ? naturalKey(element) : ''));
  const first = new Set([...items.values()].map(([location]) => location));
  const withoutKey = new Set(items.get(''));
  return locations.filter((location) => !first.has(location) && !withoutKey.has(location));
}

function checkValue(location: SourceLocation, name: string, row: ElementRow, version: number): readonly Violation[] {
  const { element } = location;
  if (!element || isNil(element)) return [];
  if (row.of !== undefined) return checkComplex(location, name, row.of, version);
  if (element.children.length > 0) {
    return [
      invalidValue(location, `${name} contains elements, but takes a value.`, 'Replace the elements with a value.'),
    ];
  }
  return checkText(location, name, textOf(location), row);
}

const isNil = (element: Element): boolean => ['true', '1'].includes(element.attributes['xsi:nil'] ?? '');

function checkComplex(location: SourceLocation, name: string, type: string, version: number): readonly Violation[] {
  if (textOf(location) !== undefined) {
    return [
      invalidValue(
        location,
        `${name} contains text, but takes elements.`,
        `Replace the text with the elements of ${type}.`,
      ),
    ];
  }
  return checkType(location, type, version);
}

const NUMBER = /^[+-]?\d+(\.\d+)?$/;
const BOOLEAN = /^(true|false|1|0)$/;

function checkText(
  location: SourceLocation,
  name: string,
  text: string | undefined,
  row: ElementRow,
): readonly Violation[] {
  if (text === undefined) return checkEmpty(location, name, row);
  if (row.values) return checkEnum(location, name, text, row.values);
  if (row.type === 'boolean' && !BOOLEAN.test(text)) {
    return [invalidValue(location, `${name} is neither true nor false.`, 'Write true or false.')];
  }
  if (row.type === 'number' && !NUMBER.test(text)) {
    return [invalidValue(location, `${name} is not a number.`, 'Write digits without a unit.')];
  }
  return [];
}

/** An empty string is valid. An empty required element is reported as missing instead. */
const checkEmpty = (location: SourceLocation, name: string, row: ElementRow): readonly Violation[] =>
  row.type === 'string' || row.required
    ? []
    : [invalidValue(location, `${name} is empty.`, `Remove it, or set it${valuesHint(row) || ' to a value'}.`)];

function checkEnum(
  location: SourceLocation,
  name: string,
  text: string,
  values: readonly string[],
): readonly Violation[] {
  if (values.includes(text)) return [];
  const suggestion = closestMatch(text, values);
  const message = `"${text}" is not a valid value of ${name}. Valid values: ${formatValues(values)}.`;
  return [
    invalidValue(location, message, suggestion ? `Did you mean "${suggestion}"?` : 'Use one of the valid values.'),
  ];
}

const invalidValue = (location: SourceLocation, message: string, fix: string): Violation =>
  violation(SCHEMA_RULES['bad-value'], location, message, fix);

const MAX_LISTED_VALUES = 8;
const formatValues = (values: readonly string[]): string =>
  values.length > MAX_LISTED_VALUES
    ? `${values.slice(0, MAX_LISTED_VALUES).join(', ')} and ${values.length - MAX_LISTED_VALUES} more`
    : values.join(', ');

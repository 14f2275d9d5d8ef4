import { isKeyedList, naturalKey, type Component, type Element } from '../model';
import { elementsOf, nearest, type ElementRow, type TypeTable } from '../wsdl';
import { below, itemsBelow, placeOf, textOf, type Place } from './place';
import { error, flaw, rules, warning, type Flaw } from './rule';
import { WSDL } from './sources';

export const SCHEMA_RULES = rules({
  'unknown-element': warning('Every element is one that its type declares.', WSDL),
  'missing-element': error('Required elements are stated.', WSDL),
  'repeated-element': error('An element that the type allows once occurs once.', WSDL),
  'repeated-key': error('No two items of a list have the same key.', WSDL),
  'bad-value': error('Values are of the type, or among the values, that the element declares.', WSDL),
});

/** Holds one component against the declarations of its type in the Metadata WSDL. */
export const checkSchema = (component: Component): readonly Flaw[] =>
  checkType(placeOf(component), component.type, elementsOf(component.type) ?? {});

function checkType(place: Place, type: string, table: TypeTable): readonly Flaw[] {
  const stated = new Set(place.element?.children.map((child) => child.name));
  return [
    ...[...stated].flatMap((name) =>
      Object.hasOwn(table, name) ? checkNamed(place, name, table[name]) : [unknown(place, name, type, table)],
    ),
    ...Object.keys(table).flatMap((name) => missing(place, name, type, table[name])),
  ];
}

/** All elements of one declared name under one parent. */
function checkNamed(parent: Place, name: string, row: ElementRow | undefined): readonly Flaw[] {
  const places = itemsBelow(parent, name);
  if (!row) return [];
  return [...places.flatMap((place) => checkValue(place, name, row)), ...repeated(places, name, row)];
}

function unknown(parent: Place, name: string, type: string, table: TypeTable): Flaw {
  const close = nearest(name, Object.keys(table));
  const message = `${type} has no element "${name}". It is kept as it is, and Salesforce may refuse the file.`;
  const fix = close ? `Did you mean "${close}"?` : 'Remove it, unless a newer API version has it.';
  return flaw(SCHEMA_RULES['unknown-element'], below(parent, name), message, fix);
}

function missing(parent: Place, name: string, type: string, row: ElementRow | undefined): readonly Flaw[] {
  const place = below(parent, name);
  const holds = place.element && (place.element.text.trim() !== '' || place.element.children.length > 0);
  if (!row?.required || holds) return [];
  const message = `${type} needs ${name}; Salesforce refuses it without.`;
  return [flaw(SCHEMA_RULES['missing-element'], place, message, `State ${name}${hint(row)}.`)];
}

const hint = (row: ElementRow): string => (row.values ? `, one of ${list(row.values)}` : '');

/** A list may repeat an element, but not a key; all else may occur once. */
function repeated(places: readonly Place[], name: string, row: ElementRow): readonly Flaw[] {
  const fix = 'Keep one of them.';
  if (row.list) {
    const message = `Another ${name} before this one has the same key.`;
    return withUsedKey(places, name).map((place) => flaw(SCHEMA_RULES['repeated-key'], place, message, fix));
  }
  const message = `${name} occurs ${places.length} times where one is allowed.`;
  return places.slice(1, 2).map((place) => flaw(SCHEMA_RULES['repeated-element'], place, message, fix));
}

function withUsedKey(places: readonly Place[], name: string): readonly Place[] {
  if (!isKeyedList(name)) return [];
  const keys = places.map(({ element }) => (element ? naturalKey(element) : ''));
  return places.filter((_, index) => keys[index] !== '' && keys.indexOf(keys[index] ?? '') < index);
}

function checkValue(place: Place, name: string, row: ElementRow): readonly Flaw[] {
  const { element } = place;
  if (!element || isNil(element)) return [];
  if (row.of !== undefined) return checkComplex(place, name, row.of);
  if (element.children.length > 0) {
    return [bad(place, `${name} holds a value, not elements.`, 'Write the value alone.')];
  }
  return checkText(place, name, textOf(place), row);
}

const isNil = (element: Element): boolean => ['true', '1'].includes(element.attributes['xsi:nil'] ?? '');

function checkComplex(place: Place, name: string, type: string): readonly Flaw[] {
  if (textOf(place) !== undefined) {
    return [bad(place, `${name} holds elements, not text.`, `Write the elements of ${type} into it.`)];
  }
  return checkType(place, type, elementsOf(type) ?? {});
}

const NUMBER = /^[+-]?\d+(\.\d+)?$/;
const BOOLEAN = /^(true|false|1|0)$/;

function checkText(place: Place, name: string, text: string | undefined, row: ElementRow): readonly Flaw[] {
  if (text === undefined) return checkEmpty(place, name, row);
  if (row.values) return checkEnum(place, name, text, row.values);
  if (row.type === 'boolean' && !BOOLEAN.test(text)) {
    return [bad(place, `${name} is neither true nor false.`, 'Write true or false.')];
  }
  if (row.type === 'number' && !NUMBER.test(text)) {
    return [bad(place, `${name} is not a number.`, 'Write digits alone, without a unit.')];
  }
  return [];
}

/** An empty text is a text; anything else that is required counts as missing. */
const checkEmpty = (place: Place, name: string, row: ElementRow): readonly Flaw[] =>
  row.type === 'string' || row.required
    ? []
    : [bad(place, `${name} is empty.`, `Remove it, or state a value${hint(row)}.`)];

function checkEnum(place: Place, name: string, text: string, values: readonly string[]): readonly Flaw[] {
  if (values.includes(text)) return [];
  const close = nearest(text, values);
  const message = `"${text}" is no value that ${name} can have; there are ${list(values)}.`;
  return [bad(place, message, close ? `Did you mean "${close}"?` : 'Choose one of these.')];
}

const bad = (place: Place, message: string, fix: string): Flaw => flaw(SCHEMA_RULES['bad-value'], place, message, fix);

const SHOWN = 8;
const list = (values: readonly string[]): string =>
  values.length > SHOWN ? `${values.slice(0, SHOWN).join(', ')} and ${values.length - SHOWN} more` : values.join(', ');

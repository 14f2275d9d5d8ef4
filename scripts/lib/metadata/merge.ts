import {
  groupBy,
  isByteExact,
  isKeyedList,
  isDelimitedSet,
  isTrue,
  isFalseByDefault,
  isValueSet,
  isWholeList,
  naturalKey,
  splitDelimitedSet,
  type Element,
} from '../model';
import { isSameJson } from '../files';
import { isListElement, isNumberElement } from './element-types';

/** How lists are merged: `join` merges items by key, `replace` replaces the whole list. */
type ListMode = 'join' | 'replace';

/**
 * Merges declared values into a live component. Undeclared elements, list items, and attributes keep their order and stay
 * the same objects, so they are written as they were read. A declared value that equals the live one keeps the live
 * spelling.
 */
export const overlay = (live: Element, declared: Element): Element => merge(live, declared, 'join');

/**
 * Applies an org's override to source, like a JSON merge patch (RFC 7386): an element replaces the element, a list replaces
 * the whole list, and everything else is unchanged.
 */
export const mergeOverride = (source: Element, overrides: Element): Element => merge(source, overrides, 'replace');

function merge(base: Element, declared: Element, mode: ListMode): Element {
  if (declared.children.length === 0) return mergeLeaf(base, declared);
  const children = mergeChildren(base.children, declared.children, mode);
  return children === base.children ? base : { ...base, text: '', children, attributes: withoutNil(base) };
}

/** A declared element without content doesn't change the children of a live element. */
function mergeLeaf(base: Element, declared: Element): Element {
  if (base.children.length > 0 && declared.text.trim() === '') return base;
  return base.children.length === 0 && isSameValue(base, declared) ? base : withDeclaredValue(base, declared);
}

/** The declared value with the live attributes, without `xsi:nil`, because the element has a value now. */
const withDeclaredValue = (base: Element, declared: Element): Element => ({
  ...declared,
  attributes: { ...withoutNil(base), ...declared.attributes },
});

const withoutNil = ({ attributes }: Element): Readonly<Record<string, string>> =>
  'xsi:nil' in attributes
    ? Object.fromEntries(Object.entries(attributes).filter(([name]) => name !== 'xsi:nil'))
    : attributes;

/** The merged children of one name: for each live child, the elements in its place. Without live children, the new elements. */
type Slots = readonly (readonly Element[])[];

/** Merges the declared children into the live ones. Returns the same list if nothing changes. */
function mergeChildren(live: readonly Element[], declared: readonly Element[], mode: ListMode): readonly Element[] {
  const liveByName = groupBy(live, ({ name }) => name);
  const slots = new Map<string, Slots>();
  for (const [name, items] of groupBy(declared, (child) => child.name))
    slots.set(name, mergeNamed(liveByName.get(name) ?? [], items, mode));
  const newElements = [...slots].filter(([name]) => !liveByName.has(name)).sort(byName);
  const insertions = placeByName(
    live,
    newElements.flatMap(([, [items = []]]) => items),
  );
  const positions = new Map<string, number>();
  const merged = live.flatMap((child, index) => {
    const position = positions.get(child.name) ?? 0;
    positions.set(child.name, position + 1);
    return [...(insertions.get(index) ?? []), ...(slots.get(child.name)?.[position] ?? [child])];
  });
  const children = [...merged, ...(insertions.get(live.length) ?? [])];
  const isUnchanged = children.length === live.length && children.every((child, index) => child === live[index]);
  return isUnchanged ? live : children;
}

const byName = ([one]: readonly [string, Slots], [other]: readonly [string, Slots]): number => (one < other ? -1 : 1);

/**
 * The index of the live child before which each new element is inserted: the first one with a greater name, which is the order
 * in which Salesforce writes elements. The new elements are sorted by name, so that each search continues the one before.
 */
function placeByName(
  live: readonly Element[],
  newElements: readonly Element[],
): ReadonlyMap<number, readonly Element[]> {
  let index = 0;
  return groupByIndex(newElements, ({ name }) => {
    while (index < live.length && (live[index]?.name ?? '') <= name) index++;
    return index;
  });
}

function groupByIndex(
  elements: readonly Element[],
  indexOf: (element: Element) => number,
): ReadonlyMap<number, readonly Element[]> {
  const groups = groupBy(elements, (element) => String(indexOf(element)));
  return new Map([...groups].map(([index, group]) => [Number(index), group]));
}

/** Merges all declared children of one name into the live ones. */
function mergeNamed(present: readonly Element[], declared: readonly [Element, ...Element[]], mode: ListMode): Slots {
  const [first] = declared;
  if (!isListElement(first.name) && declared.length === 1 && present.length <= 1)
    return [mergeSingle(present[0], first, mode)];
  if (isWholeList(first.name) && isKeyedList(first.name)) return mergeWhole(present, declared);
  if (mode === 'replace' || isValueSet(first.name) || isWholeList(first.name))
    return isSameList(present, declared) ? unchangedSlots(present) : [declared, ...present.slice(1).map(() => [])];
  return isKeyedList(first.name) ? mergeKeyed(present, declared) : addMissing(present, declared);
}

const unchangedSlots = (present: readonly Element[]): Slots => present.map((child) => [child]);

/** Adds new elements after the live ones of the same name. */
function withAdded(slots: Slots, added: readonly Element[]): Slots {
  const last = slots.at(-1) ?? [];
  return [...slots.slice(0, -1), [...last, ...added]];
}

/** Items are only added to a list without a natural key, because its undeclared items can't be identified. */
function addMissing(present: readonly Element[], declared: readonly Element[]): Slots {
  const existing = new Set(present.map(itemFingerprint));
  const missing = declared.filter((item) => !existing.has(itemFingerprint(item)));
  return withAdded(unchangedSlots(present), missing);
}

function mergeSingle(present: Element | undefined, declared: Element, mode: ListMode): readonly Element[] {
  if (present) return [merge(present, declared, mode)];
  return mode === 'join' && isImplicitDefault(declared) ? [] : [declared];
}

/** Whether an element is empty or a declared default value. If the org omits it, adding it would cause a false difference. */
export const isImplicitDefault = ({ name, text, children }: Element): boolean =>
  children.length === 0 && (text.trim() === '' || (isFalseByDefault(name) && !isTrue(text.trim())));

/** Merges each declared item into the first live item with its key. */
function mergeKeyed(present: readonly Element[], declared: readonly Element[]): Slots {
  const firstByKey = groupBy(present, naturalKey);
  const merged = new Map<string, Element>();
  for (const item of declared) {
    const key = naturalKey(item);
    const before = merged.get(key) ?? firstByKey.get(key)?.[0];
    merged.set(key, before ? merge(before, item, 'join') : item);
  }
  const slots = present.map((child) => {
    const key = naturalKey(child);
    return [firstByKey.get(key)?.[0] === child ? (merged.get(key) ?? child) : child];
  });
  const added = [...merged].filter(([key]) => !firstByKey.has(key)).map(([, item]) => item);
  return withAdded(slots, added);
}

/** Merges like `mergeKeyed`, and removes the live items that aren't declared. */
function mergeWhole(present: readonly Element[], declared: readonly Element[]): Slots {
  const declaredKeys = new Set(declared.map(naturalKey));
  return mergeKeyed(present, declared).map((slot) => slot.filter((item) => declaredKeys.has(naturalKey(item))));
}

/**
 * Whether two leaves have the same value: a boolean in either spelling, a number, a set in any order, a JWK in any layout,
 * or text regardless of leading and trailing whitespace.
 */
export function isSameValue(left: Element, right: Element): boolean {
  if (left.text === right.text) return true;
  const [one, other] = [left.text.trim(), right.text.trim()];
  if (one === other) return !isByteExact(left.name);
  if (isDelimitedSet(left.name))
    return JSON.stringify(splitDelimitedSet(one)) === JSON.stringify(splitDelimitedSet(other));
  if (left.name === 'jsonWebKey') return isSameJson(one, other);
  if (isNumberElement(left.name)) return one !== '' && other !== '' && Number(one) === Number(other);
  return isBoolean(one) && isBoolean(other) && isTrue(one) === isTrue(other);
}

const isBoolean = (text: string): boolean => ['true', 'false', '1', '0'].includes(text);

/** Whether two lists without a natural key have the same items in any order. */
export const isSameList = (left: readonly Element[], right: readonly Element[]): boolean =>
  left.length === right.length && listFingerprint(left) === listFingerprint(right);

/** Lists without a natural key are compared as sets of the contents of their items. */
const listFingerprint = (items: readonly Element[]): string => JSON.stringify(items.map(itemFingerprint).sort());

const itemFingerprint = ({ name, text, children }: Element): string =>
  JSON.stringify(children.length > 0 ? [name, listFingerprint(children)] : [name, text.trim()]);

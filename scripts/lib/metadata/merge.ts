import {
  childrenOf,
  isByteExact,
  isKeyedList,
  isDelimitedSet,
  isTrue,
  isFalseByDefault,
  isValueSet,
  naturalKey,
  splitDelimitedSet,
  type Element,
} from '../model';
import { isSameJson } from '../json';
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
  const children = childNames(declared).reduce(
    (merged, name) => mergeNamed(merged, childrenOf(declared, name), mode),
    base.children,
  );
  return children === base.children ? base : { ...base, text: '', children, attributes: withoutNil(base) };
}

/** A declared element without content doesn't change the children of a live element. */
function mergeLeaf(base: Element, declared: Element): Element {
  if (base.children.length > 0 && declared.text.trim() === '') return base;
  return base.children.length === 0 && isSameValue(base, declared) ? base : withDeclaredValue(base, declared);
}

const childNames = (element: Element): readonly string[] => [...new Set(element.children.map((child) => child.name))];

/** The declared value with the live attributes, without `xsi:nil`, because the element has a value now. */
const withDeclaredValue = (base: Element, declared: Element): Element => ({
  ...declared,
  attributes: { ...withoutNil(base), ...declared.attributes },
});

const withoutNil = ({ attributes }: Element): Readonly<Record<string, string>> =>
  'xsi:nil' in attributes
    ? Object.fromEntries(Object.entries(attributes).filter(([name]) => name !== 'xsi:nil'))
    : attributes;

/** Merges all declared children of one name into the children of a parent. */
function mergeNamed(children: readonly Element[], declared: readonly Element[], mode: ListMode): readonly Element[] {
  const [first] = declared;
  if (!first) return children;
  const present = children.filter((child) => child.name === first.name);
  if (!isListElement(first.name) && declared.length === 1 && present.length <= 1)
    return mergeSingle(children, present[0], first, mode);
  if (mode === 'replace' || isValueSet(first.name)) {
    return isSameList(present, declared) ? children : replaceAll(children, first.name, declared);
  }
  return isKeyedList(first.name) ? mergeKeyed(children, declared) : addMissing(children, present, declared);
}

/** Items are only added to a list without a natural key, because its undeclared items can't be identified. */
function addMissing(
  children: readonly Element[],
  present: readonly Element[],
  declared: readonly Element[],
): readonly Element[] {
  const existing = new Set(present.map(itemFingerprint));
  const missing = declared.filter((item) => !existing.has(itemFingerprint(item)));
  return missing.length === 0 ? children : insert(children, missing);
}

function mergeSingle(
  children: readonly Element[],
  present: Element | undefined,
  declared: Element,
  mode: ListMode,
): readonly Element[] {
  if (!present) return mode === 'join' && isImplicitDefault(declared) ? children : insert(children, [declared]);
  const merged = merge(present, declared, mode);
  return merged === present ? children : children.map((child) => (child === present ? merged : child));
}

/** Whether an element is empty or a declared default value. If the org omits it, adding it would cause a false difference. */
export const isImplicitDefault = ({ name, text, children }: Element): boolean =>
  children.length === 0 && (text.trim() === '' || (isFalseByDefault(name) && !isTrue(text.trim())));

function mergeKeyed(children: readonly Element[], declared: readonly Element[]): readonly Element[] {
  return declared.reduce((merged, item) => {
    const key = naturalKey(item);
    const live = merged.find((child) => child.name === item.name && naturalKey(child) === key);
    return live ? mergeSingle(merged, live, item, 'join') : insert(merged, [item]);
  }, children);
}

const replaceAll = (children: readonly Element[], name: string, items: readonly Element[]): readonly Element[] => {
  const at = children.findIndex((child) => child.name === name);
  const others = children.filter((child) => child.name !== name);
  return at < 0 ? insert(children, items) : [...others.slice(0, at), ...items, ...others.slice(at)];
};

/** Inserts elements after those of the same name, or else alphabetically. That is the order in which Salesforce writes them. */
function insert(children: readonly Element[], items: readonly Element[]): readonly Element[] {
  const name = items[0]?.name ?? '';
  const lastIndex = children.findLastIndex((child) => child.name === name);
  const nextIndex = lastIndex >= 0 ? lastIndex + 1 : children.findIndex((child) => child.name > name);
  const at = nextIndex < 0 ? children.length : nextIndex;
  return [...children.slice(0, at), ...items, ...children.slice(at)];
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

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

/** How lists behave: two sources of the same thing are joined by key, an override replaces the list it states. */
type ListMode = 'join' | 'replace';

/**
 * Lays what the source states over what the org holds. What the source does not mention - elements, list items,
 * attributes, their order - comes back as the very same object, so it is written as it was read. A stated value that
 * means the same as the live one keeps the live spelling.
 */
export const overlay = (live: Element, declared: Element): Element => merge(live, declared, 'join');

/**
 * Applies an org's override to the source, as JSON merge patch does (RFC 7386): stated elements replace, a stated list
 * replaces the whole list, everything else stays.
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

/** A stated element without content says nothing about the elements below a live one. */
function mergeLeaf(base: Element, declared: Element): Element {
  if (base.children.length > 0 && declared.text.trim() === '') return base;
  return base.children.length === 0 && isSameValue(base, declared) ? base : withDeclaredValue(base, declared);
}

const childNames = (element: Element): readonly string[] => [...new Set(element.children.map((child) => child.name))];

/** The stated value under the live attributes; `xsi:nil` goes, for there is a value now. */
const withDeclaredValue = (base: Element, declared: Element): Element => ({
  ...declared,
  attributes: { ...withoutNil(base), ...declared.attributes },
});

const withoutNil = ({ attributes }: Element): Readonly<Record<string, string>> =>
  'xsi:nil' in attributes
    ? Object.fromEntries(Object.entries(attributes).filter(([name]) => name !== 'xsi:nil'))
    : attributes;

/** Merges all stated children of one name into the children of a parent. */
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

/** A list without a natural key only grows: which of its items the source would not want, nobody can tell. */
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

/** A stated default, or nothing at all, that the org leaves out is no difference; adding it would make one. */
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

/** New elements go behind their own kind, else where the alphabet puts them: the order in which Salesforce writes. */
function insert(children: readonly Element[], items: readonly Element[]): readonly Element[] {
  const name = items[0]?.name ?? '';
  const lastIndex = children.findLastIndex((child) => child.name === name);
  const nextIndex = lastIndex >= 0 ? lastIndex + 1 : children.findIndex((child) => child.name > name);
  const at = nextIndex < 0 ? children.length : nextIndex;
  return [...children.slice(0, at), ...items, ...children.slice(at)];
}

/**
 * Whether two leaves say the same: a boolean in either spelling, a number, a set in any order, a JWK in any layout, and
 * text without regard to the blanks around it.
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

/** Whether two lists without a natural key hold the same items, in any order. */
export const isSameList = (left: readonly Element[], right: readonly Element[]): boolean =>
  left.length === right.length && listFingerprint(left) === listFingerprint(right);

/** Lists without a natural key are compared as sets of what their items hold. */
const listFingerprint = (items: readonly Element[]): string => JSON.stringify(items.map(itemFingerprint).sort());

const itemFingerprint = ({ name, text, children }: Element): string =>
  JSON.stringify(children.length > 0 ? [name, listFingerprint(children)] : [name, text.trim()]);

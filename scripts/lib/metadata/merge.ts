import {
  childrenOf,
  isExact,
  isKeyedList,
  isTextSet,
  isTrue,
  isFalseByDefault,
  isValueSet,
  naturalKey,
  textSet,
  type Element,
} from '../model';
import { sameJson } from '../json';
import { isList, isNumber } from '../wsdl';

/** How lists behave: two sources of the same thing are joined by key, an override replaces the list it states. */
type ListMode = 'join' | 'replace';

/**
 * Lays what the source states over what the org holds. What the source does not mention - elements, list items,
 * attributes, their order - comes back as the very same object, so it is written as it was read. A stated value that
 * means the same as the live one keeps the live spelling.
 */
export const overlay = (live: Element, stated: Element): Element => merge(live, stated, 'join');

/**
 * Applies an org's override to the source, as JSON merge patch does (RFC 7386): stated elements replace, a stated list
 * replaces the whole list, everything else stays.
 */
export const override = (source: Element, stated: Element): Element => merge(source, stated, 'replace');

function merge(base: Element, stated: Element, mode: ListMode): Element {
  if (stated.children.length === 0) return mergeLeaf(base, stated);
  const children = names(stated).reduce(
    (merged, name) => mergeNamed(merged, childrenOf(stated, name), mode),
    base.children,
  );
  return children === base.children ? base : { ...base, text: '', children, attributes: withoutNil(base) };
}

/** A stated element without content says nothing about the elements below a live one. */
function mergeLeaf(base: Element, stated: Element): Element {
  if (base.children.length > 0 && stated.text.trim() === '') return base;
  return base.children.length === 0 && sameValue(base, stated) ? base : restated(base, stated);
}

const names = (element: Element): readonly string[] => [...new Set(element.children.map((child) => child.name))];

/** The stated value under the live attributes; `xsi:nil` goes, for there is a value now. */
const restated = (base: Element, stated: Element): Element => ({
  ...stated,
  attributes: { ...withoutNil(base), ...stated.attributes },
});

const withoutNil = ({ attributes }: Element): Readonly<Record<string, string>> =>
  'xsi:nil' in attributes
    ? Object.fromEntries(Object.entries(attributes).filter(([name]) => name !== 'xsi:nil'))
    : attributes;

/** Merges all stated children of one name into the children of a parent. */
function mergeNamed(children: readonly Element[], stated: readonly Element[], mode: ListMode): readonly Element[] {
  const [first] = stated;
  if (!first) return children;
  const present = children.filter((child) => child.name === first.name);
  if (!isList(first.name) && stated.length === 1 && present.length <= 1)
    return mergeSingle(children, present[0], first, mode);
  if (mode === 'replace' || isValueSet(first.name)) {
    return sameList(present, stated) ? children : replaceAll(children, first.name, stated);
  }
  return isKeyedList(first.name) ? mergeKeyed(children, stated) : union(children, present, stated);
}

/** A list without a natural key only grows: which of its items the source would not want, nobody can tell. */
function union(
  children: readonly Element[],
  present: readonly Element[],
  stated: readonly Element[],
): readonly Element[] {
  const known = new Set(present.map(flat));
  const missing = stated.filter((item) => !known.has(flat(item)));
  return missing.length === 0 ? children : insert(children, missing);
}

function mergeSingle(
  children: readonly Element[],
  present: Element | undefined,
  stated: Element,
  mode: ListMode,
): readonly Element[] {
  if (!present) return mode === 'join' && isDefault(stated) ? children : insert(children, [stated]);
  const merged = merge(present, stated, mode);
  return merged === present ? children : children.map((child) => (child === present ? merged : child));
}

/** A stated default, or nothing at all, that the org leaves out is no difference; adding it would make one. */
export const isDefault = ({ name, text, children }: Element): boolean =>
  children.length === 0 && (text.trim() === '' || (isFalseByDefault(name) && !isTrue(text.trim())));

function mergeKeyed(children: readonly Element[], stated: readonly Element[]): readonly Element[] {
  return stated.reduce((merged, item) => {
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
  const last = children.findLastIndex((child) => child.name === name);
  const next = last >= 0 ? last + 1 : children.findIndex((child) => child.name > name);
  const at = next < 0 ? children.length : next;
  return [...children.slice(0, at), ...items, ...children.slice(at)];
}

/**
 * Whether two leaves say the same: a boolean in either spelling, a number, a set in any order, a JWK in any layout, and
 * text without regard to the blanks around it.
 */
export function sameValue(left: Element, right: Element): boolean {
  if (left.text === right.text) return true;
  const [one, other] = [left.text.trim(), right.text.trim()];
  if (one === other) return !isExact(left.name);
  if (isTextSet(left.name)) return JSON.stringify(textSet(one)) === JSON.stringify(textSet(other));
  if (left.name === 'jsonWebKey') return sameJson(one, other);
  if (isNumber(left.name)) return one !== '' && other !== '' && Number(one) === Number(other);
  return isBoolean(one) && isBoolean(other) && isTrue(one) === isTrue(other);
}

const isBoolean = (text: string): boolean => ['true', 'false', '1', '0'].includes(text);

/** Whether two lists without a natural key hold the same items, in any order. */
export const sameList = (left: readonly Element[], right: readonly Element[]): boolean =>
  left.length === right.length && fingerprint(left) === fingerprint(right);

/** Lists without a natural key are compared as sets of what their items hold. */
const fingerprint = (items: readonly Element[]): string => JSON.stringify(items.map(flat).sort());

const flat = ({ name, text, children }: Element): string =>
  JSON.stringify(children.length > 0 ? [name, fingerprint(children)] : [name, text.trim()]);

import { elementOf, elementToJson, isSameValue } from '../metadata';
import { childrenOf, isKeyedList, naturalKey, type Element } from '../model';

/** Part of an org file's overrides: elements as Salesforce names them, null for one that is taken out. */
export interface OverrideValues {
  readonly [name: string]: unknown;
}

/** The values that an org file has to override so that `base` equals `target`; undefined if they are equal. */
export function overrideOf(base: Element, target: Element, type: string): OverrideValues | undefined {
  const names = [...new Set([...target.children, ...base.children].map(({ name }) => name))].sort();
  const entries = names.flatMap((name): [string, unknown][] => {
    const value = memberOf(childrenOf(base, name), childrenOf(target, name), type, name);
    return value === undefined ? [] : [[name, value]];
  });
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

function memberOf(base: readonly Element[], target: readonly Element[], type: string, name: string): unknown {
  const row = elementOf(type, name);
  if (row && target.length === 0) return null;
  const [one, other] = [base[0], target[0]];
  // Overrides contain only elements of the WSDL, so they can't remove other elements of source.
  if (!row || !other) return undefined;
  if (row.list) return sameItems(base, target) ? undefined : target.map((item) => elementToJson(item, row));
  if (row.of !== undefined && one) return overrideOf(one, other, row.of);
  return one && isSameValue(one, other) ? undefined : elementToJson(other, row);
}

/** Whether two lists name the same items with the same values, in any order. */
const sameItems = (base: readonly Element[], wanted: readonly Element[]): boolean =>
  base.length === wanted.length &&
  wanted.every((item) => base.some((other) => sameKey(item, other) && sameElement(item, other)));

const sameKey = (one: Element, other: Element): boolean =>
  !isKeyedList(one.name) || naturalKey(one) === naturalKey(other);

const sameElement = (one: Element, other: Element): boolean =>
  one.children.length === 0 && other.children.length === 0
    ? isSameValue(one, other)
    : one.children.length === other.children.length &&
      one.children.every((child) =>
        other.children.some((each) => each.name === child.name && sameElement(child, each)),
      );

/** How many values an override states: the fewer, the more two orgs share. */
export const countValues = (override: unknown): number =>
  typeof override === 'object' && override !== null
    ? Object.values(override).reduce<number>((sum, value) => sum + countValues(value), 0)
    : override === undefined
      ? 0
      : 1;

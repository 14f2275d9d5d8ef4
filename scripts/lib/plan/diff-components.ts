import {
  isKeyedList,
  isDelimitedSet,
  isValueSet,
  keyOf,
  naturalKey,
  textAt,
  splitDelimitedSet,
  type Component,
  type ComponentMap,
  type Difference,
  type Element,
} from '../model';
import { formatValue } from './format-value';

/**
 * Returns each setting in which `target` differs from `live`. `target` results from merging declared values into the live
 * components, so an equal element is the same object and is skipped.
 */
export function diffComponents(live: ComponentMap, target: ComponentMap): readonly Difference[] {
  return [...target.values()].flatMap((component) => {
    const before = live.get(keyOf(component));
    return before ? updateDifferences(before, component) : [creationDifference(component)];
  });
}

const creationDifference = (component: Component): Difference => ({
  component: keyOf(component),
  action: 'create',
  path: '',
  from: null,
  to: labelOf(component),
});

/** The label of a component in Setup, or its developer name if it has none. */
export const labelOf = ({ root, fullName }: Component): string =>
  textAt(root, 'masterLabel') ?? textAt(root, 'label') ?? fullName;

type ValueDifference = Pick<Difference, 'path' | 'from' | 'to'>;

const updateDifferences = (before: Component, after: Component): readonly Difference[] =>
  diffElements(before.root, after.root, '').map((difference) => ({
    component: keyOf(after),
    action: 'update',
    ...difference,
  }));

function diffElements(before: Element, after: Element, path: string): readonly ValueDifference[] {
  if (before === after) return [];
  if (before.children.length === 0 && after.children.length === 0)
    return [{ path, from: formatValue(before), to: formatValue(after) }];
  return childNames(before, after).flatMap((name) =>
    diffNamed(childrenNamed(before, name), childrenNamed(after, name), path === '' ? name : `${path}.${name}`),
  );
}

const childNames = (...elements: readonly Element[]): readonly string[] => [
  ...new Set(elements.flatMap((element) => element.children.map((child) => child.name))),
];

const childrenNamed = (element: Element, name: string): readonly Element[] =>
  element.children.filter((child) => child.name === name);

/** Compares all elements of one name: a keyed list by item, a set as a whole, a single element recursively. */
function diffNamed(before: readonly Element[], after: readonly Element[], path: string): readonly ValueDifference[] {
  const name = (before[0] ?? after[0])?.name ?? '';
  if (isKeyedList(name)) return diffKeyedList(before, after, path);
  if (isValueSet(name) || isDelimitedSet(name) || before.length > 1 || after.length > 1)
    return diffSets(before, after, path);
  const [one, other] = [before[0], after[0]];
  if (one && other) return diffElements(one, other, path);
  return [{ path, from: one ? formatValue(one) : null, to: other ? formatValue(other) : null }];
}

function diffKeyedList(
  before: readonly Element[],
  after: readonly Element[],
  path: string,
): readonly ValueDifference[] {
  const keys = [...new Set([...before, ...after].map(naturalKey))];
  return keys.flatMap((key) => {
    const [ones, others] = [itemsWithKey(before, key), itemsWithKey(after, key)];
    return (ones.length > others.length ? ones : others).flatMap((_, at) =>
      diffItem(ones[at], others[at], at === 0 ? `${path}[${key}]` : `${path}[${key}][${at + 1}]`),
    );
  });
}

/** Usually one. Salesforce doesn't document whether a list can have several items with the same key. */
const itemsWithKey = (items: readonly Element[], key: string): readonly Element[] =>
  items.filter((item) => naturalKey(item) === key);

function diffItem(one: Element | undefined, other: Element | undefined, path: string): readonly ValueDifference[] {
  if (one && other) return diffElements(one, other, path);
  return [{ path, from: one ? formatValue(one) : null, to: other ? formatValue(other) : null }];
}

function diffSets(before: readonly Element[], after: readonly Element[], path: string): readonly ValueDifference[] {
  const [from, to] = [formatValues(before), formatValues(after)];
  return from === to ? [] : [{ path, from: before.length > 0 ? from : null, to: after.length > 0 ? to : null }];
}

const formatValues = (items: readonly Element[]): string =>
  items
    .flatMap((item) => (isDelimitedSet(item.name) ? splitDelimitedSet(item.text) : [formatValue(item)]))
    .sort()
    .join(', ');

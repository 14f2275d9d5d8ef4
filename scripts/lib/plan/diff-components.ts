import {
  groupBy,
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
  const [beforeByName, afterByName] = [before, after].map((each) => groupBy(each.children, ({ name }) => name));
  return keysOf(beforeByName, afterByName).flatMap((name) =>
    diffNamed(beforeByName?.get(name) ?? [], afterByName?.get(name) ?? [], path === '' ? name : `${path}.${name}`),
  );
}

/** The keys of two groups of elements: first those of the first one. */
const keysOf = (...groups: readonly (ReadonlyMap<string, unknown> | undefined)[]): readonly string[] => [
  ...new Set(groups.flatMap((group) => [...(group?.keys() ?? [])])),
];

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
  const [beforeByKey, afterByKey] = [before, after].map((each) => groupBy(each, naturalKey));
  return keysOf(beforeByKey, afterByKey).flatMap((key) => {
    // Usually one. Salesforce doesn't document whether a list can have several items with the same key.
    const [ones, others] = [beforeByKey?.get(key) ?? [], afterByKey?.get(key) ?? []];
    return (ones.length > others.length ? ones : others).flatMap((_, at) =>
      diffItem(ones[at], others[at], at === 0 ? `${path}[${key}]` : `${path}[${key}][${at + 1}]`),
    );
  });
}

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

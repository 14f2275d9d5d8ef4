import {
  isKeyedList,
  isTextSet,
  isValueSet,
  keyOf,
  naturalKey,
  textAt,
  textSet,
  type Component,
  type ComponentMap,
  type Difference,
  type Element,
} from '../model';
import { shown } from './shown';

/**
 * Every setting in which `target` differs from `live`. The target is the live component with our values laid over it, so an
 * element that means the same is the same object and is skipped at once.
 */
export function differences(live: ComponentMap, target: ComponentMap): readonly Difference[] {
  return [...target.values()].flatMap((component) => {
    const before = live.get(keyOf(component));
    return before ? updates(before, component) : [creation(component)];
  });
}

const creation = (component: Component): Difference => ({
  component: keyOf(component),
  action: 'create',
  path: '',
  from: null,
  to: labelOf(component),
});

/** What Setup calls a component. */
export const labelOf = ({ root, fullName }: Component): string =>
  textAt(root, 'masterLabel') ?? textAt(root, 'label') ?? fullName;

type Found = Pick<Difference, 'path' | 'from' | 'to'>;

const updates = (before: Component, after: Component): readonly Difference[] =>
  compareElements(before.root, after.root, '').map((found) => ({
    component: keyOf(after),
    action: 'update',
    ...found,
  }));

function compareElements(before: Element, after: Element, path: string): readonly Found[] {
  if (before === after) return [];
  if (before.children.length === 0 && after.children.length === 0)
    return [{ path, from: shown(before), to: shown(after) }];
  return namesOf(before, after).flatMap((name) =>
    compareNamed(named(before, name), named(after, name), path === '' ? name : `${path}.${name}`),
  );
}

const namesOf = (...elements: readonly Element[]): readonly string[] => [
  ...new Set(elements.flatMap((element) => element.children.map((child) => child.name))),
];

const named = (element: Element, name: string): readonly Element[] =>
  element.children.filter((child) => child.name === name);

/** Compares all elements of one name: a keyed list item by item, a set as a whole, a single element in depth. */
function compareNamed(before: readonly Element[], after: readonly Element[], path: string): readonly Found[] {
  const name = (before[0] ?? after[0])?.name ?? '';
  if (isKeyedList(name)) return compareKeyed(before, after, path);
  if (isValueSet(name) || isTextSet(name) || before.length > 1 || after.length > 1)
    return compareSets(before, after, path);
  const [one, other] = [before[0], after[0]];
  if (one && other) return compareElements(one, other, path);
  return [{ path, from: one ? shown(one) : null, to: other ? shown(other) : null }];
}

function compareKeyed(before: readonly Element[], after: readonly Element[], path: string): readonly Found[] {
  const keys = [...new Set([...before, ...after].map(naturalKey))];
  return keys.flatMap((key) => {
    const at = `${path}[${key}]`;
    const [one, other] = [find(before, key), find(after, key)];
    if (one && other) return compareElements(one, other, at);
    return [{ path: at, from: one ? shown(one) : null, to: other ? shown(other) : null }];
  });
}

const find = (items: readonly Element[], key: string): Element | undefined =>
  items.find((item) => naturalKey(item) === key);

function compareSets(before: readonly Element[], after: readonly Element[], path: string): readonly Found[] {
  const [from, to] = [valuesOf(before), valuesOf(after)];
  return from === to ? [] : [{ path, from: before.length > 0 ? from : null, to: after.length > 0 ? to : null }];
}

const valuesOf = (items: readonly Element[]): string =>
  items
    .flatMap((item) => (isTextSet(item.name) ? textSet(item.text) : [shown(item)]))
    .sort()
    .join(', ');

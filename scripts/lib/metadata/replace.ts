import { groupBy, isKeyedList, naturalKey, type Element } from '../model';
import { isImplicitDefault, isSameList, isSameValue } from './merge';

/**
 * Replaces a live element with a target. Unlike `overlay`, it removes elements that the target lacks. Equal elements stay
 * the same objects. The order of elements, and default values that only one side contains, aren't differences.
 */
export function replaceExactly(live: Element, target: Element): Element {
  if (live.children.length === 0 && target.children.length === 0) return isSameValue(live, target) ? live : target;
  const [liveByName, targetByName] = [live, target].map((each) => groupBy(each.children, ({ name }) => name));
  const names = [...new Set([...live.children, ...target.children].map(({ name }) => name))];
  const children = names.flatMap((name) => replaceNamed(liveByName?.get(name) ?? [], targetByName?.get(name) ?? []));
  const kept = new Set(children);
  const unchanged = children.length === live.children.length && live.children.every((child) => kept.has(child));
  return unchanged ? live : { ...target, text: '', children: sortLike(target, children) };
}

function replaceNamed(live: readonly Element[], target: readonly Element[]): readonly Element[] {
  const [one, other] = [live[0], target[0]];
  const name = (one ?? other)?.name ?? '';
  if (isKeyedList(name)) return replaceItems(live, target);
  if (live.length > 1 || target.length > 1) return isSameList(live, target) ? live : target;
  if (one && other) return [replaceExactly(one, other)];
  if (one) return isImplicitDefault(one) ? [one] : [];
  return other && !isImplicitDefault(other) ? [other] : [];
}

/** An org can have several items with the same key. They are compared in their order. */
function replaceItems(live: readonly Element[], target: readonly Element[]): readonly Element[] {
  const remaining = new Map([...groupBy(live, naturalKey)].map(([key, items]) => [key, [...items]]));
  return target.map((item) => {
    const match = remaining.get(naturalKey(item))?.shift();
    return match ? replaceExactly(match, item) : item;
  });
}

/** Sorts elements in the order of the target. Elements that only the live element has come last. */
function sortLike({ children }: Element, elements: readonly Element[]): readonly Element[] {
  const positions = new Map(children.toReversed().map(({ name }, index) => [name, children.length - 1 - index]));
  const position = ({ name }: Element): number => positions.get(name) ?? children.length;
  return [...elements].sort((one, other) => position(one) - position(other));
}

/** Removes the element at a dotted path. Returns the same object if the path matches nothing. */
export function removeAt(element: Element, path: string): Element {
  const [name, ...rest] = path.split('.');
  if (!element.children.some((child) => child.name === name)) return element;
  if (rest.length === 0) return { ...element, children: element.children.filter((child) => child.name !== name) };
  const children = element.children.map((child) => (child.name === name ? removeAt(child, rest.join('.')) : child));
  return { ...element, children };
}

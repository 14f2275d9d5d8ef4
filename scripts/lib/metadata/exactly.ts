import { childrenOf, isKeyedList, naturalKey, type Element } from '../model';
import { isDefault, sameList, sameValue } from './merge';

/**
 * Brings a live element to be exactly another one: what that leaves out goes, in contrast to `overlay`. Elements that mean
 * the same as the live ones come back as the very same objects, the whole element where nothing differs; the order of
 * elements and defaults that only one side spells out are no difference.
 */
export function exactly(live: Element, wanted: Element): Element {
  if (live.children.length === 0 && wanted.children.length === 0) return sameValue(live, wanted) ? live : wanted;
  const names = [...new Set([...live.children, ...wanted.children].map(({ name }) => name))];
  const children = names.flatMap((name) => exactlyNamed(childrenOf(live, name), childrenOf(wanted, name)));
  const kept = new Set(children);
  const same = children.length === live.children.length && live.children.every((child) => kept.has(child));
  return same ? live : { ...wanted, text: '', children: inOrderOf(wanted, children) };
}

function exactlyNamed(live: readonly Element[], wanted: readonly Element[]): readonly Element[] {
  const [one, other] = [live[0], wanted[0]];
  const name = (one ?? other)?.name ?? '';
  if (isKeyedList(name)) return wanted.map((item) => pairedWith(live, item));
  if (live.length > 1 || wanted.length > 1) return sameList(live, wanted) ? live : wanted;
  if (one && other) return [exactly(one, other)];
  if (one) return isDefault(one) ? [one] : [];
  return other && !isDefault(other) ? [other] : [];
}

function pairedWith(live: readonly Element[], item: Element): Element {
  const before = live.find((each) => naturalKey(each) === naturalKey(item));
  return before ? exactly(before, item) : item;
}

/** As the wanted element orders its children; what only the live one spells out comes last of all. */
function inOrderOf({ children }: Element, found: readonly Element[]): readonly Element[] {
  const names = children.map(({ name }) => name);
  const place = ({ name }: Element): number => (names.includes(name) ? names.indexOf(name) : names.length);
  return [...found].sort((one, other) => place(one) - place(other));
}

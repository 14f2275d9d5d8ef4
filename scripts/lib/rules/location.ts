import { childrenOf, isKeyedList, keyOf, naturalKey, type Component, type Element, type Origin } from '../model';

/** A place in a component that a finding can point at, whether or not an element exists there. */
export interface SourceLocation {
  /** The key of the component; empty for a place outside components. */
  readonly component: string;
  /** Dotted; items of a keyed list as `messagingAuthorizations[Customer]`. */
  readonly path: string;
  readonly element?: Element | undefined;
  /** The origin of the element, or of the nearest enclosing element that has one. */
  readonly origin?: Origin | undefined;
}

/** The location of a whole component. */
export const locationOf = (component: Component): SourceLocation => ({
  component: keyOf(component),
  path: '',
  element: component.root,
  origin: component.root.origin,
});

/** The location at a dotted path below another one; the first one where an element repeats. */
export const childLocation = (location: SourceLocation, path: string): SourceLocation =>
  path.split('.').reduce(
    (current, name) =>
      descend(
        current,
        name,
        current.element?.children.find((child) => child.name === name),
      ),
    location,
  );

/** The location at a dotted path of a component. */
export const locationAt = (component: Component, path: string): SourceLocation =>
  childLocation(locationOf(component), path);

/** The locations of all elements with one name below another one. */
export const childLocations = (location: SourceLocation, name: string): readonly SourceLocation[] =>
  (location.element ? childrenOf(location.element, name) : []).map((item) =>
    descend(location, pathSegment(item), item),
  );

/** The locations of all elements directly below another one. */
export const allChildLocations = (location: SourceLocation): readonly SourceLocation[] =>
  (location.element?.children ?? []).map((item) => descend(location, pathSegment(item), item));

/** The location of an element that is directly below another one. */
export const elementLocation = (location: SourceLocation, element: Element): SourceLocation =>
  descend(location, element.name, element);

/** The trimmed text at a location; undefined where there is none. */
export function textOf(location: SourceLocation): string | undefined {
  const text = location.element?.text.trim();
  return text === '' ? undefined : text;
}

const descend = (location: SourceLocation, segment: string, element: Element | undefined): SourceLocation => ({
  component: location.component,
  path: location.path === '' ? segment : `${location.path}.${segment}`,
  element,
  origin: element?.origin ?? location.origin,
});

const pathSegment = (item: Element): string =>
  isKeyedList(item.name) ? `${item.name}[${naturalKey(item)}]` : item.name;

/** Sorts items that only the org has first, so that a conflict is reported at the item that the source can change. */
export const liveOnlyFirst = <T extends { readonly location: SourceLocation }>(items: readonly T[]): readonly T[] =>
  [...items].sort((one, other) => Number(Boolean(one.location.origin)) - Number(Boolean(other.location.origin)));

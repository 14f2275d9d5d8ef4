import { childrenOf, isKeyedList, keyOf, naturalKey, type Component, type Element, type Origin } from '../model';

/** A place in a component that a finding can point at, whether or not something is stated there. */
export interface SourceLocation {
  /** The key of the component; empty for a place outside of any. */
  readonly component: string;
  /** Dotted; items of a keyed list as `messagingAuthorizations[Customer]`. */
  readonly path: string;
  readonly element?: Element | undefined;
  /** Of the element, else of the nearest one around it that has one. */
  readonly origin?: Origin | undefined;
}

/** The component as a whole. */
export const locationOf = (component: Component): SourceLocation => ({
  component: keyOf(component),
  path: '',
  element: component.root,
  origin: component.root.origin,
});

/** The place at a dotted path below another; the first one where an element repeats. */
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

/** A component's place at a dotted path. */
export const locationAt = (component: Component, path: string): SourceLocation =>
  childLocation(locationOf(component), path);

/** The places of all elements of one name below another. */
export const childLocations = (location: SourceLocation, name: string): readonly SourceLocation[] =>
  (location.element ? childrenOf(location.element, name) : []).map((item) =>
    descend(location, pathSegment(item), item),
  );

/** The trimmed text at a place; undefined where nothing is stated. */
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

/** What only an org has comes first, so that of two things at odds the one that the source can change is pointed at. */
export const liveOnlyFirst = <T extends { readonly location: SourceLocation }>(items: readonly T[]): readonly T[] =>
  [...items].sort((one, other) => Number(Boolean(one.location.origin)) - Number(Boolean(other.location.origin)));

import { childrenOf, isKeyedList, keyOf, naturalKey, type Component, type Element, type Origin } from '../model';

/** A place in a component that a finding can point at, whether or not something is stated there. */
export interface Place {
  /** The key of the component; empty for a place outside of any. */
  readonly component: string;
  /** Dotted; items of a keyed list as `messagingAuthorizations[Customer]`. */
  readonly path: string;
  readonly element?: Element | undefined;
  /** Of the element, else of the nearest one around it that has one. */
  readonly origin?: Origin | undefined;
}

/** The component as a whole. */
export const placeOf = (component: Component): Place => ({
  component: keyOf(component),
  path: '',
  element: component.root,
  origin: component.root.origin,
});

/** The place at a dotted path below another; the first one where an element repeats. */
export const below = (place: Place, path: string): Place =>
  path.split('.').reduce(
    (at, name) =>
      step(
        at,
        name,
        at.element?.children.find((child) => child.name === name),
      ),
    place,
  );

/** A component's place at a dotted path. */
export const placeAt = (component: Component, path: string): Place => below(placeOf(component), path);

/** The places of all elements of one name below another. */
export const itemsBelow = (place: Place, name: string): readonly Place[] =>
  (place.element ? childrenOf(place.element, name) : []).map((item) => step(place, labelOf(item), item));

/** The trimmed text at a place; undefined where nothing is stated. */
export function textOf(place: Place): string | undefined {
  const text = place.element?.text.trim();
  return text === '' ? undefined : text;
}

const step = (place: Place, label: string, element: Element | undefined): Place => ({
  component: place.component,
  path: place.path === '' ? label : `${place.path}.${label}`,
  element,
  origin: element?.origin ?? place.origin,
});

const labelOf = (item: Element): string => (isKeyedList(item.name) ? `${item.name}[${naturalKey(item)}]` : item.name);

/** What only an org has comes first, so that of two things at odds the one that the source can change is pointed at. */
export const liveFirst = <T extends { readonly place: Place }>(items: readonly T[]): readonly T[] =>
  [...items].sort((one, other) => Number(Boolean(one.place.origin)) - Number(Boolean(other.place.origin)));

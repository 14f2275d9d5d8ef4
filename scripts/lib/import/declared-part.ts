import {
  childrenOf,
  isKeyedList,
  naturalKey,
  withOrgValues,
  withTrustDefaults,
  type Component,
  type Element,
} from '../model';
import { elementOf, elementsOf, type ElementRow } from '../metadata';
import { isManagedItem, MANAGED_ELEMENTS, type ElementShape } from './managed-elements';

/**
 * The part of a live component that source declares after an import: the managed elements and the elements that source
 * declares already, with the values of the org. Elements that aren't in the WSDL, empty elements, `xsi:nil`, and the site and
 * branding of a Web chat deployment aren't declared, so a deploy keeps them. Trust settings are declared, also those with a default.
 */
export const declaredPart = (live: Component, source?: Component): Component =>
  withTrustDefaults({
    ...live,
    root: restrict(withOrgValues(live, undefined).root, live.type, MANAGED_ELEMENTS[live.type] ?? {}, source?.root),
  });

function restrict(live: Element, type: string, shape: ElementShape | true, source?: Element): Element {
  const names = [...new Set(live.children.map(({ name }) => name))];
  const children = names.flatMap((name) => {
    const row = elementOf(type, name);
    const part = shape === true ? true : shape[name];
    const known = source ? childrenOf(source, name) : [];
    return row && (part !== undefined || known.length > 0) ? elementsNamed(live, name, row, part, known) : [];
  });
  return withoutAttributes(live, children);
}

/** The declared elements of one name: the items of a list, or one value. */
function elementsNamed(
  live: Element,
  name: string,
  row: ElementRow,
  part: ElementShape | true | undefined,
  known: readonly Element[],
): readonly Element[] {
  const present = childrenOf(live, name);
  const managed = row.list ? present.filter((item) => isManaged(item, part, known)) : present;
  return (isKeyedList(name) ? uniqueByKey(managed) : managed).flatMap((element) => {
    const declared =
      row.of === undefined
        ? withoutAttributes(element, [])
        : restrictNested(element, row.of, row.list ? true : part, known[0]);
    return hasContent(declared) ? [declared] : [];
  });
}

const restrictNested = (
  element: Element,
  type: string,
  part: ElementShape | true | undefined,
  known: Element | undefined,
): Element => (elementsOf(type) ? restrict(element, type, part ?? {}, known) : element);

/** Whether an item is managed by an import or declared in source. */
const isManaged = (item: Element, part: ElementShape | true | undefined, known: readonly Element[]): boolean =>
  (part !== undefined && isManagedItem(item)) ||
  known.some((each) => !isKeyedList(item.name) || naturalKey(each) === naturalKey(item));

/** Source can declare a key once. `importFindings` reports duplicates. */
const uniqueByKey = (items: readonly Element[]): readonly Element[] =>
  items.filter((item, index) => items.findIndex((each) => naturalKey(each) === naturalKey(item)) === index);

const hasContent = ({ text, children }: Element): boolean => children.length > 0 || text.trim() !== '';

/** The element without attributes and origin. */
const withoutAttributes = ({ name, text }: Element, children: readonly Element[]): Element => ({
  name,
  attributes: {},
  children,
  text: children.length > 0 ? '' : text,
});

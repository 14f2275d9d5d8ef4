/** Where a value was stated: a file relative to the project (or an org, when it was read there) and a 1-based line. */
export interface Origin {
  readonly file: string;
  readonly line: number;
}

/**
 * One XML element of a metadata file. An element either has children or text, never both: that is the shape of every
 * metadata type. `origin` is absent on what was read from an org.
 */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
  readonly children: readonly Element[];
  readonly origin?: Origin;
}

/** All children called `name`, in document order. */
export const childrenOf = (element: Element, name: string): readonly Element[] =>
  element.children.filter((child) => child.name === name);

/** The element at a dotted path such as `embeddedConfig.authMode`; the first one where an element repeats. */
export function elementAt(element: Element, path: string): Element | undefined {
  let current: Element | undefined = element;
  for (const name of path.split('.')) current = current?.children.find((child) => child.name === name);
  return current;
}

/** The trimmed text at a dotted path, or undefined where the element is absent, empty or `xsi:nil`. */
export function textAt(element: Element, path: string): string | undefined {
  const text = elementAt(element, path)?.text.trim();
  return text === '' ? undefined : text;
}

/** Whether the boolean at a dotted path is true; absent counts as Salesforce's default, false. */
export const isTrueAt = (element: Element, path: string): boolean => isTrue(textAt(element, path));

/** XML Schema spells true as `true` or `1`. */
export const isTrue = (text: string | undefined): boolean => text === 'true' || text === '1';

/** A leaf element, for values that do not come from a file of metadata. */
export function leaf(name: string, text: string, origin?: Origin): Element {
  return { name, attributes: {}, text, children: [], ...(origin && { origin }) };
}

/** A parent element, for values that do not come from a file of metadata. */
export function parent(name: string, children: readonly Element[], origin?: Origin): Element {
  return { name, attributes: {}, text: '', children, ...(origin && { origin }) };
}

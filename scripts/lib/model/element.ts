/** Where a value is declared: a file relative to the project (or an org, for a live value) and a 1-based line. */
export interface Origin {
  readonly file: string;
  readonly line: number;
}

/**
 * One XML element of a metadata file. As in every metadata type, an element has children or text, never both. An element
 * from an org has no `origin`.
 */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
  readonly children: readonly Element[];
  readonly origin?: Origin;
}

/** All children with the name `name`, in document order. */
export const childrenOf = (element: Element, name: string): readonly Element[] =>
  element.children.filter((child) => child.name === name);

/** The element at a dotted path such as `embeddedConfig.authMode`. The first one if an element repeats. */
export function elementAt(element: Element, path: string): Element | undefined {
  let current: Element | undefined = element;
  for (const name of path.split('.')) current = current?.children.find((child) => child.name === name);
  return current;
}

/** The trimmed text at a dotted path, or undefined if the element is absent, empty, or `xsi:nil`. */
export function textAt(element: Element, path: string): string | undefined {
  const text = elementAt(element, path)?.text.trim();
  return text === '' ? undefined : text;
}

/** Whether the boolean at a dotted path is true. An absent element has Salesforce's default, false. */
export const isTrueAt = (element: Element, path: string): boolean => isTrue(textAt(element, path));

/** Whether the boolean at a dotted path is declared as false. */
export const isFalseAt = (element: Element, path: string): boolean =>
  ['false', '0'].includes(textAt(element, path) ?? '');

/** Whether a text is a true XML Schema boolean: `true` or `1`. */
export const isTrue = (text: string | undefined): boolean => text === 'true' || text === '1';

/** Creates a leaf element for a value that doesn't come from a metadata file. */
export function leaf(name: string, text: string, origin?: Origin): Element {
  return { name, attributes: {}, text, children: [], ...(origin && { origin }) };
}

/** The element with another text in one of its leaves. A new leaf is added in the order of Salesforce. */
export function withLeaf(root: Element, name: string, text: string): Element {
  if (elementAt(root, name)) {
    return { ...root, children: root.children.map((child) => (child.name === name ? { ...child, text } : child)) };
  }
  const next = root.children.findIndex((child) => child.name > name);
  const index = next < 0 ? root.children.length : next;
  return { ...root, children: [...root.children.slice(0, index), leaf(name, text), ...root.children.slice(index)] };
}

/** Creates a parent element for values that don't come from a metadata file. */
export function parent(name: string, children: readonly Element[], origin?: Origin): Element {
  return { name, attributes: {}, text: '', children, ...(origin && { origin }) };
}

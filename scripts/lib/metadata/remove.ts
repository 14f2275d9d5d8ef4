import type { Element } from '../model';

/** The element without what stands at a dotted path; unchanged where nothing does. */
export function remove(element: Element, path: string): Element {
  const [name, ...rest] = path.split('.');
  if (!element.children.some((child) => child.name === name)) return element;
  if (rest.length === 0) return { ...element, children: element.children.filter((child) => child.name !== name) };
  const children = element.children.map((child) => (child.name === name ? remove(child, rest.join('.')) : child));
  return { ...element, children };
}

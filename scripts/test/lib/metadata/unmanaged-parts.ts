import { writeXml } from '../../../lib/metadata';
import type { Element } from '../../../lib/model';

/** The children that identify list items; independent of the code under test. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  messagingAuthorizations: ['authIdentifier'],
  automatedResponses: ['type', 'language'],
  messagingKeywords: ['keywordType', 'language'],
  customParameters: ['name'],
  standardParameters: ['parameterType'],
};

/** The name of a child among its siblings: `masterLabel`, or `customParameters[a]`. */
export function nameOf(element: Element): string {
  const names = KEYS[element.name];
  if (!names) return element.name;
  return `${element.name}[${names.map((name) => element.children.find((child) => child.name === name)?.text).join()}]`;
}

/** The text of each part of `live` that `stated` omits, by path, in document order. */
export function unmanagedParts(live: Element, declaredRoot: Element, parentPath = ''): readonly string[] {
  return live.children.flatMap((child) => {
    const path = `${parentPath}/${nameOf(child)}`;
    const declared = declaredRoot.children.find((each) => nameOf(each) === nameOf(child));
    if (!declared) return [`${path}\n${writeXml(child)}`];
    if (!isParent(child)) return [];
    if (isParent(declared)) return unmanagedParts(child, declared, path);
    return isEmpty(declared) ? [`${path}\n${writeXml(child)}`] : [];
  });
}

const isParent = ({ children }: Element): boolean => children.length > 0;
const isEmpty = ({ children, text }: Element): boolean => children.length === 0 && text.trim() === '';

/** The path and text of each declared leaf. */
export function leafElements(element: Element, parentPath = ''): readonly (readonly [path: string, leaf: Element])[] {
  return element.children.flatMap((child) => {
    const path = `${parentPath}/${nameOf(child)}`;
    return isParent(child) ? leafElements(child, path) : [[path, child] as const];
  });
}

/** The names of children, at any level, that are not adjacent to others of the same name. */
export function nonContiguousNames({ children }: Element): readonly string[] {
  const own = children
    .filter(({ name }, index) => children[index - 1]?.name !== name)
    .map(({ name }) => name)
    .filter((name, index, all) => all.indexOf(name) !== index);
  return [...own, ...children.flatMap(nonContiguousNames)];
}

import { DOMParser, type Element as DomElement, type Node } from '@xmldom/xmldom';
import type { Element } from '../model';

/** What was read: the root element, or why the text is no metadata. Never an exception. */
export type ReadResult =
  | { readonly root: Element; readonly problem?: undefined }
  | { readonly root?: undefined; readonly problem: XmlProblem };

export interface XmlProblem {
  readonly line: number;
  readonly message: string;
}

/** Metadata is a few levels deep; a file nested further is refused rather than walked. */
const DEEPEST = 50;
const ELEMENT_NODE = 1;
const TEXT_NODES: ReadonlySet<number> = new Set([3, 4]);

class Refused extends Error {
  readonly line: number;
  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

/**
 * Reads one metadata file. Every element carries `file` and its line as origin; without `file` it carries none, which is
 * how content read from an org is told apart. Comments and processing instructions are not kept.
 * Text that is not well-formed, has a DOCTYPE or nests too deeply comes back as a problem.
 */
export function readXml(text: string, file?: string): ReadResult {
  try {
    if (text.trim() === '') throw new Refused('The file is empty.', 1);
    return { root: convert(parse(text), file, 0) };
  } catch (thrown) {
    if (!(thrown instanceof Refused)) throw thrown;
    return { problem: { line: thrown.line, message: thrown.message } };
  }
}

/** Characters that XML 1.0 does not allow, which the parser would let through. */
// eslint-disable-next-line no-control-regex -- finding control characters is what it is for
const FORBIDDEN = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/;

function parse(text: string): DomElement {
  const { root, problem } = parseDocument(text.replace(/^\uFEFF/, ''));
  if (problem) throw problem;
  if (!root) throw new Refused('There is no root element.', 1);
  return root;
}

/** The parser reports through a callback and goes on where it can; the first report counts, whatever its level. */
function parseDocument(text: string): { root?: DomElement | null; problem?: Refused } {
  let problem: Refused | undefined;
  const onError = (_level: string, message: string, context: unknown): void => {
    problem ??= new Refused(sentence(message), lineOf(context));
  };
  try {
    const document = new DOMParser({ locator: true, onError }).parseFromString(text, 'text/xml');
    if (document.doctype) problem ??= new Refused('A DOCTYPE is not allowed in metadata.', 1);
    return { root: document.documentElement, ...(problem && { problem }) };
  } catch (thrown) {
    return { problem: problem ?? new Refused(sentence(String(thrown)), 1) };
  }
}

const lineOf = (context: unknown): number =>
  Math.max(1, (context as { locator?: { lineNumber?: number } } | undefined)?.locator?.lineNumber ?? 1);

const sentence = (message: string): string => `${(message.split('\n')[0] ?? '').trim().replace(/\.$/, '')}.`;

function convert(node: DomElement, file: string | undefined, depth: number): Element {
  const line = node.lineNumber ?? 1;
  if (depth > DEEPEST) throw new Refused(`Elements are nested more than ${DEEPEST} levels deep.`, line);
  const nodes = nodesOf(node);
  const children = nodes.filter((child) => child.nodeType === ELEMENT_NODE);
  const text = nodes.filter((child) => TEXT_NODES.has(child.nodeType)).map((child) => child.nodeValue ?? '');
  if (text.some((part) => FORBIDDEN.test(part)))
    throw new Refused(`<${node.nodeName}> holds a control character.`, line);
  if (children.length > 0 && text.some((part) => part.trim() !== '')) {
    throw new Refused(`<${node.nodeName}> holds both text and elements.`, line);
  }
  return {
    name: node.nodeName,
    attributes: attributesOf(node),
    text: children.length > 0 ? '' : text.join(''),
    children: children.map((child) => convert(child as DomElement, file, depth + 1)),
    ...(file !== undefined && { origin: { file, line } }),
  };
}

const nodesOf = (node: DomElement): readonly Node[] => Array.from(node.childNodes);

const attributesOf = (node: DomElement): Readonly<Record<string, string>> =>
  Object.fromEntries(Array.from(node.attributes).map((attribute) => [attribute.name, attribute.value]));

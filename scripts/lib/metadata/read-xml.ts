import { DOMParser, type Element as DomElement, type Node } from '@xmldom/xmldom';
import type { Element } from '../model';
import { findXmlProblem, type XmlProblem } from './well-formed';

/** What was read: the root element, or why the text is no metadata. Never an exception. */
export type ReadResult =
  | { readonly root: Element; readonly problem?: undefined }
  | { readonly root?: undefined; readonly problem: XmlProblem };

/** Metadata is a few levels deep; a file nested further is refused rather than walked. */
const MAX_DEPTH = 50;
const ELEMENT_NODE = 1;
const TEXT_NODES: ReadonlySet<number> = new Set([3, 4]);

class InvalidXmlError extends Error {
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
    if (text.replace(/^\uFEFF/, '').trim() === '') throw new InvalidXmlError('The file is empty.', 1);
    const xmlProblem = findXmlProblem(text);
    if (xmlProblem) throw new InvalidXmlError(xmlProblem.message, xmlProblem.line);
    return { root: convert(parse(text), file, 0) };
  } catch (error) {
    if (!(error instanceof InvalidXmlError)) throw error;
    return { problem: { line: error.line, message: error.message } };
  }
}

function parse(text: string): DomElement {
  const { root, problem } = parseDocument(text.replace(/^\uFEFF/, ''));
  if (problem) throw problem;
  if (!root) throw new InvalidXmlError('There is no root element.', 1);
  return root;
}

/**
 * The parser reports through a callback and would go on where it can; the first report ends it, whatever its level, because
 * going on may take the square of what is wrong in time.
 */
function parseDocument(text: string): { root?: DomElement | null; problem?: InvalidXmlError } {
  let problem: InvalidXmlError | undefined;
  const onError = (_level: string, message: string, context: unknown): void => {
    // U+FFFD is a character like any other; what an org holds is not for this project to judge.
    if (message.startsWith('Unicode replacement character')) return;
    problem ??= new InvalidXmlError(firstSentence(message), lineOf(context));
    throw problem;
  };
  try {
    const document = new DOMParser({ locator: true, normalizeLineEndings, onError }).parseFromString(text, 'text/xml');
    return { root: document.documentElement, ...(problem && { problem }) };
  } catch (error) {
    return { problem: problem ?? new InvalidXmlError(firstSentence(String(error)), 1) };
  }
}

/** As XML 1.0 says; the parser's own way would turn the line separators of Unicode into line breaks, too. */
const normalizeLineEndings = (text: string): string => text.replace(/\r\n?/g, '\n');

const lineOf = (context: unknown): number =>
  Math.max(1, (context as { locator?: { lineNumber?: number } } | undefined)?.locator?.lineNumber ?? 1);

/** The parser may list everything that is open. */
const MAX_MESSAGE_LENGTH = 200;

const firstSentence = (message: string): string =>
  `${(message.split('\n')[0] ?? '').slice(0, MAX_MESSAGE_LENGTH).trim().replace(/\.$/, '')}.`;

function convert(node: DomElement, file: string | undefined, depth: number): Element {
  const line = node.lineNumber ?? 1;
  if (depth > MAX_DEPTH) throw new InvalidXmlError(`Elements are nested more than ${MAX_DEPTH} levels deep.`, line);
  const nodes = nodesOf(node);
  const children = nodes.filter((child) => child.nodeType === ELEMENT_NODE);
  const text = nodes.filter((child) => TEXT_NODES.has(child.nodeType)).map((child) => child.nodeValue ?? '');
  if (children.length > 0 && text.some((part) => part.trim() !== '')) {
    throw new InvalidXmlError(`<${node.nodeName}> holds both text and elements.`, line);
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

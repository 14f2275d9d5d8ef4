import { DOMParser, type Element as DomElement, type Node } from '@xmldom/xmldom';
import { readOnce, type Element } from '../model';
import { findXmlProblem, type XmlProblem } from './well-formed';

/** The root element, or the reason why the text isn't metadata. */
export type ReadResult =
  | { readonly root: Element; readonly problem?: undefined }
  | { readonly root?: undefined; readonly problem: XmlProblem };

/** Metadata is a few levels deep. A deeper file is rejected, because the reader is recursive. */
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
 * Reads one metadata file. The origin of every element is `file` and its line. Elements from an org have no `file` and no
 * origin. Comments and processing instructions are dropped. Returns a problem for text that isn't well-formed, has a
 * DOCTYPE, or is nested too deeply.
 */
export const readXml = (text: string, file = ''): ReadResult => readFile(`${file}\0${text}`);

/** Reads a file from its name, empty for an element of an org, and its text. A name contains no null character. */
const readFile = readOnce((nameAndText: string): ReadResult => {
  const end = nameAndText.indexOf('\0');
  const [file, text] = [nameAndText.slice(0, end) || undefined, nameAndText.slice(end + 1)];
  try {
    if (text.replace(/^\uFEFF/, '').trim() === '') throw new InvalidXmlError('The file is empty.', 1);
    const xmlProblem = findXmlProblem(text);
    if (xmlProblem) throw new InvalidXmlError(xmlProblem.message, xmlProblem.line);
    return { root: convert(parse(text), file, 0) };
  } catch (error) {
    if (!(error instanceof InvalidXmlError)) throw error;
    return { problem: { line: error.line, message: error.message } };
  }
});

function parse(text: string): DomElement {
  const { root, problem } = parseDocument(text.replace(/^\uFEFF/, ''));
  if (problem) throw problem;
  if (!root) throw new InvalidXmlError('There is no root element.', 1);
  return root;
}

/**
 * Stops the parser at its first error of any level. Otherwise it continues where it can, and its time can be quadratic in
 * the number of errors.
 */
function parseDocument(text: string): { root?: DomElement | null; problem?: InvalidXmlError } {
  let problem: InvalidXmlError | undefined;
  const onError = (_level: string, message: string, context: unknown): void => {
    // U+FFFD is a valid character, and values in the org can contain it.
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

/** Follows XML 1.0. The parser's default also converts Unicode line separators. */
const normalizeLineEndings = (text: string): string => text.replace(/\r\n?/g, '\n');

const lineOf = (context: unknown): number =>
  Math.max(1, (context as { locator?: { lineNumber?: number } } | undefined)?.locator?.lineNumber ?? 1);

/** The parser can list all open elements in its message. */
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
    throw new InvalidXmlError(`<${node.nodeName}> contains both text and elements.`, line);
  }
  return {
    name: elementName(node),
    attributes: attributesOf(node),
    text: children.length > 0 ? '' : text.join(''),
    children: children.map((child) => convert(child as DomElement, file, depth + 1)),
    ...(file !== undefined && { origin: { file, line } }),
  };
}

const METADATA_NAMESPACE = 'http://soap.sforce.com/2006/04/metadata';

/** A prefix doesn't change the meaning of an element: `<m:enabled>` is `<enabled>` if `m` is bound to the metadata namespace. */
const elementName = ({ nodeName, localName, namespaceURI }: DomElement): string =>
  namespaceURI === METADATA_NAMESPACE ? (localName ?? nodeName) : nodeName;

const nodesOf = (node: DomElement): readonly Node[] => Array.from(node.childNodes);

const attributesOf = (node: DomElement): Readonly<Record<string, string>> =>
  Object.fromEntries(Array.from(node.attributes).map((attribute) => [attribute.name, attribute.value]));

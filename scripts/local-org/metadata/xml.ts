import { DOMParser, type Document, type Element as DomElement } from '@xmldom/xmldom';
import { MalformedXml, assertNoStrayCharacters } from './malformed-xml';

/** The namespace of metadata files. */
export const METADATA_NAMESPACE = 'http://soap.sforce.com/2006/04/metadata';

export interface XmlElement {
  readonly name: string;
  readonly namespace: string;
  /** the unescaped text, without that of child elements */
  readonly text: string;
  readonly children: readonly XmlElement[];
  /** the type in xsi:type, without a prefix */
  readonly type?: string;
  /** whether the element has xsi:nil="true", which orgs return for a field without a value */
  readonly nil?: true;
  readonly line: number;
  readonly column: number;
}

/** Parses XML. Throws MalformedXml for any error or warning of the parser, and for a DOCTYPE (entities can expand). */
export function parseXml(source: string): XmlElement {
  const text = source.replace(/^\uFEFF/, '');
  if (!text.trim()) throw new MalformedXml('Premature end of file.', 1, 1);
  if (!text.trimStart().startsWith('<')) throw new MalformedXml('Content is not allowed in prolog.', 1, 1);
  if (/<!DOCTYPE/i.test(text)) throw new MalformedXml('DOCTYPE is not allowed.', 1, 1);
  assertNoStrayCharacters(text);
  const root = readDocument(text).documentElement;
  if (!root) throw new MalformedXml('Premature end of file.', 1, 1);
  return toXmlElement(root);
}

/** Returns the first child element with a name. */
export function child(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((candidate) => candidate.name === name);
}

/** Returns all child elements with a name. */
export function children(element: XmlElement | undefined, name: string): readonly XmlElement[] {
  return element?.children.filter((candidate) => candidate.name === name) ?? [];
}

/** Returns the trimmed text of the first child element with a name; undefined if it is missing or empty. */
export function childText(element: XmlElement | undefined, name: string): string | undefined {
  return child(element, name)?.text.trim() || undefined;
}

export function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}

// The parser continues after an error unless the listener throws, and then wraps the reason in a longer message. Therefore the
// first error is stored.
function readDocument(text: string): Document {
  let firstError: MalformedXml | undefined;
  const parser = new DOMParser({
    onError(_level, message, context) {
      firstError ??= toMalformedXml(message, context);
      throw firstError;
    },
  });
  try {
    return parser.parseFromString(text, 'text/xml');
  } catch (error) {
    throw firstError ?? toMalformedXml(error instanceof Error ? error.message : String(error), error);
  }
}

function toMalformedXml(reason: string, context: unknown): MalformedXml {
  const { locator } = context as { locator?: { lineNumber?: number; columnNumber?: number } };
  return new MalformedXml(reason, Math.max(1, locator?.lineNumber ?? 1), Math.max(1, locator?.columnNumber ?? 1));
}

function toXmlElement(node: DomElement): XmlElement {
  const nodes = Array.from(node.childNodes);
  const texts = nodes.filter((candidate) => candidate.nodeType === 3 || candidate.nodeType === 4);
  const elements = nodes.filter((candidate) => candidate.nodeType === 1);
  return {
    name: node.localName ?? node.nodeName,
    namespace: node.namespaceURI ?? '',
    text: texts.map((candidate) => candidate.nodeValue ?? '').join(''),
    children: elements.map((candidate) => toXmlElement(candidate as DomElement)),
    ...(isNil(node) && { nil: true }),
    ...(typeOf(node) && { type: typeOf(node) }),
    line: node.lineNumber ?? 1,
    column: node.columnNumber ?? 1,
  };
}

const XSI = 'http://www.w3.org/2001/XMLSchema-instance';
const isNil = (node: DomElement): boolean => ['true', '1'].includes(node.getAttributeNS(XSI, 'nil') ?? '');
const typeOf = (node: DomElement): string => (node.getAttributeNS(XSI, 'type') ?? '').replace(/^.*:/, '');

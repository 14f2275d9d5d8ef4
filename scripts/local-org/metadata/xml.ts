import { DOMParser, type Document, type Element as DomElement } from '@xmldom/xmldom';
import { MalformedXml, assertNoStrayCharacters } from './malformed-xml';

/** The namespace of everything in a metadata file. */
export const METADATA_NAMESPACE = 'http://soap.sforce.com/2006/04/metadata';

export interface XmlElement {
  readonly name: string;
  readonly namespace: string;
  /** the text directly inside, unescaped */
  readonly text: string;
  readonly children: readonly XmlElement[];
  readonly line: number;
  readonly column: number;
}

/** Reads XML strictly: whatever the parser complains about is fatal, and so is a DOCTYPE (entities expand to anything). */
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

/** The first child of that name. */
export function child(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((candidate) => candidate.name === name);
}

/** All children of that name. */
export function children(element: XmlElement | undefined, name: string): readonly XmlElement[] {
  return element?.children.filter((candidate) => candidate.name === name) ?? [];
}

/** The text of the first child of that name, without blanks around it; undefined when there is none or it is empty. */
export function childText(element: XmlElement | undefined, name: string): string | undefined {
  return child(element, name)?.text.trim() || undefined;
}

export function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}

// The parser goes on after an error unless its listener throws, and then hides the reason in a longer message:
// so the first complaint is kept here.
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
    line: node.lineNumber ?? 1,
    column: node.columnNumber ?? 1,
  };
}

import { DOMParser, type Element, type Node } from '@xmldom/xmldom';

/** The part of an element of a metadata file that the checks use, with its first line. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
  readonly children: readonly XmlElement[];
  readonly line: number;
}

/** Error for a file that isn't well-formed XML. */
export class MalformedXmlError extends Error {
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

interface Context {
  readonly locator?: { readonly lineNumber?: number };
}

/**
 * Reads XML strictly. A warning of xmldom, such as an attribute without quotes, is an error, because Salesforce
 * rejects the file.
 */
export function readXml(text: string): XmlElement {
  const problems: MalformedXmlError[] = [];
  const onError = (_level: string, message: string, { locator }: Context): void => {
    problems.push(new MalformedXmlError(Math.max(1, locator?.lineNumber ?? 1), message));
  };
  const root = rootOf(text, onError);
  const [first] = problems;
  if (first) throw first;
  if (!root) throw new MalformedXmlError(1, 'no root element');
  return elementOf(root);
}

/** xmldom throws after a fatal error, which `onError` has already received. */
function rootOf(text: string, onError: (level: string, message: string, context: Context) => void): Element | null {
  try {
    return new DOMParser({ onError }).parseFromString(text, 'text/xml').documentElement;
  } catch {
    return null;
  }
}

function elementOf(element: Element): XmlElement {
  const nodes = Array.from(element.childNodes);
  return {
    name: element.tagName,
    attributes: Object.fromEntries(Array.from(element.attributes).map(({ name, value }) => [name, value])),
    text: nodes
      .filter(isText)
      .map((node) => node.nodeValue)
      .join('')
      .trim(),
    children: nodes.filter(isElement).map(elementOf),
    line: element.lineNumber ?? 1,
  };
}

const isElement = (node: Node): node is Element => node.nodeType === node.ELEMENT_NODE;
const isText = (node: Node): boolean => node.nodeType === node.TEXT_NODE || node.nodeType === node.CDATA_SECTION_NODE;

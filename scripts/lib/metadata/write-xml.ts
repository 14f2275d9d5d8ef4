import type { Element } from '../model';

const NAMESPACE = 'http://soap.sforce.com/2006/04/metadata';
const INDENT = '    ';

/** Escapes text like Salesforce does in a retrieved file. Quotation marks stay unescaped. */
const escapeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\r', '&#xD;');

const escapeAttribute = (text: string): string =>
  escapeText(text).replaceAll('"', '&quot;').replaceAll('\n', '&#xA;').replaceAll('\t', '&#x9;');

/** Serializes a component as a metadata file in the layout that Salesforce writes. */
export function writeXml(root: Element): string {
  const xsiNamespace = usesXsi(root) ? { 'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance' } : {};
  const withNamespaces = { ...root, attributes: { xmlns: NAMESPACE, ...xsiNamespace, ...root.attributes } };
  return `<?xml version="1.0" encoding="UTF-8"?>\n${xmlLines(withNamespaces, '').join('\n')}\n`;
}

/** Whether an attribute uses the `xsi` prefix, which must be declared. */
const usesXsi = ({ attributes, children }: Element): boolean =>
  Object.keys(attributes).some((name) => name.startsWith('xsi:')) || children.some(usesXsi);

function xmlLines(element: Element, indent: string): readonly string[] {
  const attributes = Object.entries(element.attributes).map(([name, value]) => ` ${name}="${escapeAttribute(value)}"`);
  const open = `${indent}<${element.name}${attributes.join('')}`;
  const close = `</${element.name}>`;
  if (element.children.length > 0) {
    return [`${open}>`, ...element.children.flatMap((child) => xmlLines(child, indent + INDENT)), `${indent}${close}`];
  }
  return element.text === '' ? [`${open}/>`] : [`${open}>${escapeText(element.text)}${close}`];
}

/** The text of package.xml for the members of each type. Types without members are omitted. */
export function writeManifest(members: ReadonlyMap<string, readonly string[]>, apiVersion: string): string {
  const types = [...members].filter(([, names]) => names.length > 0).map(([type, names]) => typeElement(type, names));
  return writeXml(element('Package', '', [...types, element('version', apiVersion)]));
}

const typeElement = (type: string, names: readonly string[]): Element =>
  element('types', '', [...names.map((name) => element('members', name)), element('name', type)]);

const element = (name: string, text: string, children: readonly Element[] = []): Element => ({
  name,
  attributes: {},
  text,
  children,
});

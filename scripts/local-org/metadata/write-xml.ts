import { escapeXml, METADATA_NAMESPACE, type XmlElement } from './xml';

/** Writes the file of a component from the element of a SOAP call. */
export const writeXml = (root: XmlElement): string => {
  const content = root.children.map((child) => element(child, '    ')).join('');
  const xsi = content.includes('xsi:nil') ? ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"' : '';
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root.name} xmlns="${METADATA_NAMESPACE}"${xsi}>\n${content}</${root.name}>\n`;
};

function element({ name, text, nil, children }: XmlElement, indent: string): string {
  if (nil) return `${indent}<${name} xsi:nil="true"/>\n`;
  if (children.length === 0) return `${indent}<${name}>${escapeXml(text)}</${name}>\n`;
  const content = children.map((child) => element(child, `${indent}    `)).join('');
  return `${indent}<${name}>\n${content}${indent}</${name}>\n`;
}

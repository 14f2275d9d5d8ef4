import { parseJsonObject } from '../files';
import { readJwk } from '../jwk';
import { isByteExact, isFalseByDefault, pluralize, type Element } from '../model';
import { sha256 } from './digest';

/** Formats a value for people: a key by its kid, an element by its children, and text unchanged. */
export function formatValue(element: Element): string {
  if (element.name === 'jsonWebKey') return formatKey(element.text);
  if (element.name === 'content') return formatContent(element.text);
  if (element.children.length > 0)
    return element.children.map((child) => `${child.name} ${formatValue(child)}`).join(', ');
  // Salesforce compares these values byte for byte, so whitespace must be visible.
  if (isByteExact(element.name) && element.text !== element.text.trim()) return JSON.stringify(element.text);
  const text = element.text.trim();
  return text === '' && isFalseByDefault(element.name) ? 'false' : text;
}

/** A file is too long to print. Two contents with the same number of lines differ in their digest. */
const formatContent = (text: string): string =>
  `${pluralize(text.trimEnd().split('\n').length, 'line')} (SHA-256 ${sha256(text.trim()).slice(0, 8)})`;

/**
 * Two keys can share a kid, and a key can have two certificates. The last characters of both distinguish them, and so does the
 * date (UTC) on which the certificate expires.
 */
function formatKey(jwk: string): string {
  const members = parseJsonObject(jwk);
  if (!members) return 'invalid JWK';
  const { kid, n, x5c } = members;
  const expiration = readJwk(jwk, new Date(0)).key?.certificate?.notAfter.toISOString().slice(0, 10);
  const until = expiration === undefined ? '' : `, certificate until ${expiration}`;
  const certificate = Array.isArray(x5c) ? `${until}, x5c ...${lastCharacters(x5c[0])}` : '';
  return `kid ${String(kid)} (n ...${lastCharacters(n)}${certificate})`;
}

/** Without the padding of base64, which has at most two characters. */
const lastCharacters = (value: unknown): string =>
  String(value)
    .slice(-10)
    .replace(/={1,2}$/, '')
    .slice(-8);

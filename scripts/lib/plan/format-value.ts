import { parseJsonObject } from '../json';
import { isByteExact, isFalseByDefault, type Element } from '../model';

/** A value as a person reads it: a key by its kid, an element with children by what it holds, text as it is. */
export function formatValue(element: Element): string {
  if (element.name === 'jsonWebKey') return formatKey(element.text);
  if (element.children.length > 0)
    return element.children.map((child) => `${child.name} ${formatValue(child)}`).join(', ');
  // A blank that decides has to be seen.
  if (isByteExact(element.name) && element.text !== element.text.trim()) return JSON.stringify(element.text);
  const text = element.text.trim();
  return text === '' && isFalseByDefault(element.name) ? 'false' : text;
}

/** Two keys may share a kid, and one key may have two certificates, so the ends of both tell them apart. */
function formatKey(jwk: string): string {
  const members = parseJsonObject(jwk);
  if (!members) return 'no readable JWK';
  const { kid, n, x5c } = members;
  const certificate = Array.isArray(x5c) ? `, x5c ...${lastCharacters(x5c[0])}` : '';
  return `kid ${String(kid)} (n ...${lastCharacters(n)}${certificate})`;
}

const lastCharacters = (value: unknown): string => String(value).replace(/=+$/, '').slice(-8);

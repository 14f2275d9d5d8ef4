import { isFalseByDefault, type Element } from '../model';

/** A value as a person reads it: a key by its kid, an element with children by what it holds, text as it is. */
export function shown(element: Element): string {
  if (element.name === 'jsonWebKey') return keyName(element.text);
  if (element.children.length > 0) return element.children.map((child) => `${child.name} ${shown(child)}`).join(', ');
  const text = element.text.trim();
  return text === '' && isFalseByDefault(element.name) ? 'false' : text;
}

/** Two keys may share a kid, so the end of the modulus tells them apart. */
function keyName(jwk: string): string {
  try {
    const { kid, n } = JSON.parse(jwk) as { kid?: unknown; n?: unknown };
    return `kid ${String(kid)} (n ends in ${String(n).slice(-8)})`;
  } catch {
    return 'no readable JWK';
  }
}

import type { JsonObject } from '../files';
import { childrenOf, type Element } from '../model';
import { elementOf } from './element-types';
import type { ElementRow } from './type-tables';

/** An element as JSON with the types that the WSDL declares; a text that would change stays a text. */
export function elementToJson(element: Element, row: ElementRow): unknown {
  if (row.of !== undefined) return membersToJson(element, row.of);
  const text = element.text.trim();
  if (row.type === 'boolean' && ['true', 'false'].includes(text)) return text === 'true';
  if (row.type === 'number' && String(Number(text)) === text) return Number(text);
  return element.text;
}

/** The elements of a type or of a complex type as JSON, by name. Elements that the WSDL doesn't declare are omitted. */
export function membersToJson(element: Element, type: string): JsonObject {
  const names = [...new Set(element.children.map(({ name }) => name))];
  return Object.fromEntries(
    names.flatMap((name): [string, unknown][] => {
      const row = elementOf(type, name);
      const values = row ? childrenOf(element, name).map((child) => elementToJson(child, row)) : [];
      return row ? [[name, row.list ? values : values[0]]] : [];
    }),
  );
}

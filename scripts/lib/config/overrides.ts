import { isComponentType, leaf, parent, type ComponentKey, type Element, type Origin, type Override } from '../model';
import { elementOf, elementsOf, nearest } from '../wsdl';

/** Something wrong with an override, at a dotted path of the org file. */
export interface OverrideProblem {
  readonly path: string;
  readonly message: string;
  readonly fix: string;
}

type Overrides = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;

/** What the overrides of one org file state, and everything that is wrong with them. */
export interface ReadOverrides {
  readonly overrides: ReadonlyMap<ComponentKey, Override>;
  readonly problems: readonly OverrideProblem[];
}

/** Turns the overrides of an org file into elements. Names are Salesforce's own; an unknown one is a problem. */
export function readOverrides(stated: Overrides, originOf: (path: string) => Origin): ReadOverrides {
  const reader = new OverrideReader(originOf);
  const overrides = Object.entries(stated).flatMap(([type, components]) =>
    reader.knows(type)
      ? Object.entries(components).map(([name, elements]): [ComponentKey, Override] => [
          `${type}:${name}` as ComponentKey,
          reader.read(type, name, elements),
        ])
      : [],
  );
  return { overrides: new Map(overrides), problems: reader.problems };
}

class OverrideReader {
  readonly problems: OverrideProblem[] = [];
  private readonly originOf: (path: string) => Origin;
  private removed: string[] = [];

  constructor(originOf: (path: string) => Origin) {
    this.originOf = originOf;
  }

  knows(type: string): boolean {
    if (isComponentType(type)) return true;
    this.problems.push({
      path: `overrides.${type}`,
      message: `"${type}" is no metadata type that this project deploys.`,
      fix: 'Use the type names of Salesforce, e.g. MessagingChannel.',
    });
    return false;
  }

  read(type: string, name: string, elements: Readonly<Record<string, unknown>>): Override {
    this.removed = [];
    const at = `overrides.${type}.${name}`;
    const root = parent(type, this.members(type, elements, at, ''), this.originOf(at));
    return { root, removed: this.removed };
  }

  private members(type: string, elements: object, at: string, path: string): readonly Element[] {
    return Object.entries(elements).flatMap(([name, value]: [string, unknown]) =>
      this.member(type, name, value, `${at}.${name}`, path === '' ? name : `${path}.${name}`),
    );
  }

  private member(type: string, name: string, value: unknown, at: string, path: string): readonly Element[] {
    const row = elementOf(type, name);
    // The name of a component is its file's name; no element changes it.
    if (!row || name === 'fullName') return this.unknown(type, name, at);
    if (value === null || (Array.isArray(value) && value.length === 0)) return this.remove(path);
    const items: readonly unknown[] = Array.isArray(value) ? value : [value];
    if (Array.isArray(value) && !row.list) return this.wrong(at, `${name} is not a list`);
    return items.flatMap((item, index) =>
      this.item(row.of, name, item, Array.isArray(value) ? `${at}.${index}` : at, path),
    );
  }

  private item(
    complex: string | undefined,
    name: string,
    value: unknown,
    at: string,
    path: string,
  ): readonly Element[] {
    if (value === null) return this.wrong(at, 'an item of a list cannot be null');
    const isObject = typeof value === 'object';
    if (complex && isObject) return [parent(name, this.members(complex, value, at, path), this.originOf(at))];
    if (complex || isObject)
      return this.wrong(
        at,
        `${name} must be ${complex ? `an object with the elements of ${complex}` : 'a plain value'}`,
      );
    return [leaf(name, plainText(value), this.originOf(at))];
  }

  private remove(path: string): readonly Element[] {
    this.removed.push(path);
    return [];
  }

  private unknown(type: string, name: string, at: string): readonly Element[] {
    const close = nearest(name, Object.keys(elementsOf(type) ?? {}));
    this.problems.push({
      path: at,
      message: `${type} has no element "${name}".`,
      fix: close ? `Did you mean "${close}"?` : `See the Metadata API guide for ${type}.`,
    });
    return [];
  }

  private wrong(at: string, reason: string): readonly Element[] {
    this.problems.push({
      path: at,
      message: `The value does not fit: ${reason}.`,
      fix: 'Write it as the Metadata API guide describes the element.',
    });
    return [];
  }
}

const plainText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

import { isComponentType, leaf, parent, type ComponentKey, type Element, type Origin, type Override } from '../model';
import { elementOf, elementsOf, closestMatch } from '../metadata';

/** A problem with an override, at a dotted path of the org file. */
export interface OverrideProblem {
  readonly path: string;
  readonly message: string;
  readonly fix: string;
}

type OverridesInput = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;

/** The overrides of one org file, and their problems. */
export interface OverridesResult {
  readonly overrides: ReadonlyMap<ComponentKey, Override>;
  readonly problems: readonly OverrideProblem[];
}

/** Converts the overrides of an org file to elements. A name that isn't in the Metadata API is a problem. */
export function readOverrides(input: OverridesInput, originOf: (path: string) => Origin): OverridesResult {
  const reader = new OverrideReader(originOf);
  const overrides = Object.entries(input).flatMap(([type, components]) =>
    reader.isKnownType(type)
      ? Object.entries(components).map(([name, elements]): [ComponentKey, Override] => [
          `${type}:${name}` as ComponentKey,
          reader.readComponent(type, name, elements),
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

  isKnownType(type: string): boolean {
    if (isComponentType(type)) return true;
    this.problems.push({
      path: `overrides.${type}`,
      message: `"${type}" isn't a metadata type that this project deploys.`,
      fix: 'Use a Metadata API type name, e.g. MessagingChannel.',
    });
    return false;
  }

  readComponent(type: string, name: string, elements: Readonly<Record<string, unknown>>): Override {
    this.removed = [];
    const at = `overrides.${type}.${name}`;
    const root = parent(type, this.readElements(type, elements, at, ''), this.originOf(at));
    return { root, removed: this.removed };
  }

  private readElements(type: string, elements: object, at: string, path: string): readonly Element[] {
    return Object.entries(elements).flatMap(([name, value]: [string, unknown]) =>
      this.readElement(type, name, value, `${at}.${name}`, path === '' ? name : `${path}.${name}`),
    );
  }

  private readElement(type: string, name: string, value: unknown, at: string, path: string): readonly Element[] {
    const row = elementOf(type, name);
    // The file name determines the name of a component, so an element can't change it.
    if (!row || name === 'fullName') return this.reportUnknown(type, name, at);
    if (value === null || (Array.isArray(value) && value.length === 0)) return this.markRemoved(path);
    const items: readonly unknown[] = Array.isArray(value) ? value : [value];
    if (Array.isArray(value) && !row.list) return this.reportInvalid(at, `${name} isn't a list`);
    return items.flatMap((item, index) =>
      this.readItem(row.of, name, item, Array.isArray(value) ? `${at}.${index}` : at, path),
    );
  }

  private readItem(
    complexType: string | undefined,
    name: string,
    value: unknown,
    at: string,
    path: string,
  ): readonly Element[] {
    if (value === null) return this.reportInvalid(at, "a list item can't be null");
    const isObject = typeof value === 'object';
    if (complexType && isObject)
      return [parent(name, this.readElements(complexType, value, at, path), this.originOf(at))];
    if (complexType || isObject)
      return this.reportInvalid(
        at,
        `${name} must be ${complexType ? `an object with the elements of ${complexType}` : 'a plain value'}`,
      );
    return [leaf(name, plainText(value), this.originOf(at))];
  }

  private markRemoved(path: string): readonly Element[] {
    this.removed.push(path);
    return [];
  }

  private reportUnknown(type: string, name: string, at: string): readonly Element[] {
    const suggestion = closestMatch(name, Object.keys(elementsOf(type) ?? {}));
    this.problems.push({
      path: at,
      message: `${type} has no element "${name}".`,
      fix: suggestion ? `Did you mean "${suggestion}"?` : `See the Metadata API guide for ${type}.`,
    });
    return [];
  }

  private reportInvalid(at: string, reason: string): readonly Element[] {
    this.problems.push({
      path: at,
      message: `The value is invalid: ${reason}.`,
      fix: 'Use a value that the Metadata API guide allows for the element.',
    });
    return [];
  }
}

const plainText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

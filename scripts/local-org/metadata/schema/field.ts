/** An element of a complex type. */
export interface Field {
  /** string, boolean, int, double, or the name of an enum or complex type */
  readonly type: string;
  readonly required: boolean;
  readonly repeated: boolean;
}

export type ComplexType = ReadonlyMap<string, Field>;
export type ComplexTypes = Readonly<Record<string, ComplexType>>;
export type Enums = Readonly<Record<string, readonly string[]>>;

/**
 * Parses the notation of a complex type: "string" is required, "string?" is optional, "string[]" is repeated.
 * @example complexType({ masterLabel: 'string', description: 'string?', keyword: 'string[]' })
 */
export function complexType(fields: Readonly<Record<string, string>>): ComplexType {
  return new Map(Object.entries(fields).map(([name, notation]) => [name, parseField(notation)]));
}

function parseField(notation: string): Field {
  const repeated = notation.endsWith('[]');
  const optional = notation.endsWith('?');
  return { type: notation.replace(/\[\]$|\?$/, ''), required: !repeated && !optional, repeated };
}

/** An element of a complex type. */
export interface Field {
  /** string, boolean, int, double, or the name of an enum or complex type */
  readonly type: string;
  readonly required: boolean;
  readonly repeated: boolean;
  /** the first API version that requires the element; absent if all of them do */
  readonly requiredSince?: number;
}

export type ComplexType = ReadonlyMap<string, Field>;
export type ComplexTypes = Readonly<Record<string, ComplexType>>;
export type Enums = Readonly<Record<string, readonly string[]>>;

/**
 * Parses the notation of a complex type: "string" is required, "string@66" is required from API 66.0, "string?" is optional,
 * "string[]" is repeated.
 * @example complexType({ masterLabel: 'string', description: 'string?', keyword: 'string[]' })
 */
export function complexType(fields: Readonly<Record<string, string>>): ComplexType {
  return new Map(Object.entries(fields).map(([name, notation]) => [name, parseField(notation)]));
}

function parseField(notation: string): Field {
  const repeated = notation.endsWith('[]');
  const optional = notation.endsWith('?');
  const [type = '', since] = notation.replace(/\[\]$|\?$/, '').split('@');
  const field = { type, required: !repeated && !optional, repeated };
  return since === undefined ? field : { ...field, requiredSince: Number(since) };
}

/** One element of a metadata type, as the Metadata WSDL declares it. */
export interface ElementRow {
  readonly type: 'string' | 'boolean' | 'number' | 'enum' | 'complex';
  /** The values of an `enum`. */
  readonly values?: readonly string[];
  /** The name of the `complex` type. */
  readonly of?: string;
  readonly required: boolean;
  /** Whether the element may occur more than once. */
  readonly list: boolean;
}

/** The elements of one type, by name. */
export type TypeTable = Readonly<Record<string, ElementRow>>;

/** The content of type-tables.generated.json. */
export interface Tables {
  /** The package and version that the tables were read from. */
  readonly source: string;
  readonly types: Readonly<Record<string, TypeTable>>;
}

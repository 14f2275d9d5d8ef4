/** A SOQL query as far as this org understands them. */
export interface Query {
  /** the text as it came, for error messages that point into it */
  readonly text: string;
  readonly fields: readonly FieldRef[];
  readonly isCount: boolean;
  readonly from: FieldRef;
  readonly where?: Condition;
  readonly orderBy: readonly Ordering[];
  readonly limit?: number;
  readonly offset?: number;
}

/** A name in a query and where it stands; relationship fields keep their dots. */
export interface FieldRef {
  readonly name: string;
  readonly position: number;
}

export interface Ordering {
  readonly field: FieldRef;
  readonly descending: boolean;
}

export type Literal = string | number | boolean | null;

export type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=' | 'LIKE' | 'IN' | 'NOT IN';

export type Condition =
  | { readonly kind: 'and' | 'or'; readonly sides: readonly [Condition, Condition] }
  | { readonly kind: 'not'; readonly inner: Condition }
  | {
      readonly kind: 'comparison';
      readonly field: FieldRef;
      readonly operator: Operator;
      readonly values: readonly Literal[];
    };

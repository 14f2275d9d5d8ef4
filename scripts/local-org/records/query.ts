import type { Period } from './date-literals';

/** A parsed SOQL query. */
export interface Query {
  /** the text of the query, for error messages that point to a position */
  readonly text: string;
  readonly fields: readonly FieldRef[];
  /** the argument of FIELDS() */
  readonly fieldGroup?: FieldGroup;
  /** COUNT(field); a query with one returns aggregate results */
  readonly counts: readonly CountRef[];
  readonly groupBy: readonly FieldRef[];
  readonly isCount: boolean;
  readonly from: FieldRef;
  readonly where?: Condition;
  readonly orderBy: readonly Ordering[];
  readonly limit?: number;
  readonly offset?: number;
}

export const FIELD_GROUPS = ['ALL', 'STANDARD', 'CUSTOM'] as const;
export type FieldGroup = (typeof FIELD_GROUPS)[number];

/** A name in a query and its position. The name of a parent's field contains a dot. */
export interface FieldRef {
  readonly name: string;
  readonly position: number;
}

/** COUNT(field), and the name of its value: the alias, or expr0, expr1, and so on. */
export interface CountRef {
  readonly field: FieldRef;
  readonly name: string;
}

export interface Ordering {
  readonly field: FieldRef;
  readonly descending: boolean;
}

export type Literal = string | number | boolean | null | Period;

export type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=' | 'LIKE' | 'IN' | 'NOT IN';

export type Condition =
  | { readonly kind: 'and' | 'or'; readonly sides: readonly [Condition, Condition] }
  | { readonly kind: 'not'; readonly inner: Condition }
  | Comparison;

/** A field and the values that it is compared with. */
export interface Comparison {
  readonly kind: 'comparison';
  readonly field: FieldRef;
  readonly operator: Operator;
  readonly values: readonly Literal[];
  /** the query whose values IN and NOT IN compare with, instead of a list */
  readonly subquery?: Subquery;
}

/** SELECT field FROM object WHERE condition, on the right of IN. */
export interface Subquery {
  readonly field: FieldRef;
  readonly from: FieldRef;
  readonly where?: Condition;
}

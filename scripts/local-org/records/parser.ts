import type { FieldRef, Ordering, Query } from './query';
import { parseCondition } from './condition-parser';
import { TokenStream } from './token-stream';

/**
 * Parses SELECT fields FROM object [WHERE ...] [ORDER BY ...] [LIMIT n] [OFFSET n]. Throws MALFORMED_QUERY for other parts of
 * SOQL: subqueries, functions other than COUNT(), GROUP BY, and date literals such as TODAY.
 */
export function parseQuery(text: string): Query {
  const stream = new TokenStream(text);
  stream.expectWord('SELECT');
  const isCount = stream.takeCount();
  const fields = isCount ? [] : fieldList(stream);
  stream.expectWord('FROM');
  const from = stream.expectName();
  const where = stream.takeWord('WHERE') ? parseCondition(stream) : undefined;
  const orderBy = stream.takeWord('ORDER') ? orderings(stream) : [];
  const limit = stream.takeWord('LIMIT') ? stream.expectInteger() : undefined;
  const offset = stream.takeWord('OFFSET') ? stream.expectInteger() : undefined;
  stream.expectEnd();
  return {
    text,
    fields,
    isCount,
    from,
    orderBy,
    ...(where && { where }),
    ...(limit !== undefined && { limit }),
    ...(offset !== undefined && { offset }),
  };
}

function fieldList(stream: TokenStream): FieldRef[] {
  const fields = [stream.expectName()];
  while (stream.takeSymbol(',')) fields.push(stream.expectName());
  return fields;
}

function orderings(stream: TokenStream): Ordering[] {
  stream.expectWord('BY');
  const orders = [ordering(stream)];
  while (stream.takeSymbol(',')) orders.push(ordering(stream));
  return orders;
}

function ordering(stream: TokenStream): Ordering {
  const field = stream.expectName();
  const descending = stream.takeWord('DESC');
  if (!descending) stream.takeWord('ASC');
  if (stream.takeWord('NULLS') && !stream.takeWord('FIRST')) stream.expectWord('LAST');
  return { field, descending };
}

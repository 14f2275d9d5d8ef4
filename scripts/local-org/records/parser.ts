import type { CountRef, FieldRef, Ordering, Query } from './query';
import { parseCondition } from './condition-parser';
import { TokenStream } from './token-stream';

/**
 * Parses SELECT fields FROM object [WHERE ...] [GROUP BY ...] [ORDER BY ...] [LIMIT n] [OFFSET n]. Throws MALFORMED_QUERY for
 * other parts of SOQL: subqueries, functions other than COUNT() and COUNT(field), HAVING, and date literals such as TODAY.
 */
export function parseQuery(text: string): Query {
  const stream = new TokenStream(text);
  stream.expectWord('SELECT');
  const isCount = stream.takeCount();
  const { fields, counts } = isCount ? { fields: [], counts: [] } : selectList(stream);
  stream.expectWord('FROM');
  const from = stream.expectName();
  const where = stream.takeWord('WHERE') ? parseCondition(stream) : undefined;
  const groupBy = stream.takeWord('GROUP') ? groupings(stream) : [];
  const orderBy = stream.takeWord('ORDER') ? orderings(stream) : [];
  const limit = stream.takeWord('LIMIT') ? stream.expectInteger() : undefined;
  const offset = stream.takeWord('OFFSET') ? stream.expectInteger() : undefined;
  stream.expectEnd();
  return {
    text,
    fields,
    counts,
    groupBy,
    isCount,
    from,
    orderBy,
    ...(where && { where }),
    ...(limit !== undefined && { limit }),
    ...(offset !== undefined && { offset }),
  };
}

function selectList(stream: TokenStream): Pick<Query, 'fields' | 'counts'> {
  const fields: FieldRef[] = [];
  const counts: CountRef[] = [];
  do {
    if (stream.takeFunction('COUNT')) counts.push(count(stream, counts.length));
    else fields.push(stream.expectName());
  } while (stream.takeSymbol(','));
  return { fields, counts };
}

function count(stream: TokenStream, index: number): CountRef {
  const field = stream.expectName();
  stream.expectSymbol(')');
  const hasAlias = stream.peek().kind === 'name' && stream.peek().value.toUpperCase() !== 'FROM';
  return { field, name: hasAlias ? stream.expectName().name : `expr${index}` };
}

function groupings(stream: TokenStream): FieldRef[] {
  stream.expectWord('BY');
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

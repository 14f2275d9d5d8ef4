import { FIELD_GROUPS, type CountRef, type FieldGroup, type FieldRef, type Ordering, type Query } from './query';
import { parseCondition } from './condition-parser';
import { TokenStream } from './token-stream';

/**
 * Parses SELECT fields FROM object [WHERE ...] [GROUP BY ...] [ORDER BY ...] [LIMIT n] [OFFSET n]. Throws MALFORMED_QUERY for
 * other parts of SOQL: subqueries except after IN, functions other than COUNT(), COUNT(field), and FIELDS(), HAVING, and fiscal date literals.
 * `now` is the time that date literals refer to.
 */
export function parseQuery(text: string, now: Date): Query {
  const stream = new TokenStream(text, now);
  stream.expectWord('SELECT');
  const isCount = stream.takeCount();
  const selected = isCount ? { fields: [], counts: [] } : selectList(stream);
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
    ...selected,
    groupBy,
    isCount,
    from,
    orderBy,
    ...(where && { where }),
    ...(limit !== undefined && { limit }),
    ...(offset !== undefined && { offset }),
  };
}

function selectList(stream: TokenStream): Pick<Query, 'fields' | 'counts' | 'fieldGroup'> {
  const fields: FieldRef[] = [];
  const counts: CountRef[] = [];
  let fieldGroup: FieldGroup | undefined;
  do {
    if (stream.takeFunction('COUNT')) counts.push(count(stream, counts.length));
    else if (stream.takeFunction('FIELDS')) fieldGroup = group(stream);
    else fields.push(stream.expectName());
  } while (stream.takeSymbol(','));
  return { fields, counts, ...(fieldGroup && { fieldGroup }) };
}

function group(stream: TokenStream): FieldGroup {
  const found = FIELD_GROUPS.find((name) => stream.takeWord(name)) ?? stream.fail();
  stream.expectSymbol(')');
  return found;
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

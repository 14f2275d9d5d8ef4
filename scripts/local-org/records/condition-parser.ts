import type { Condition, Literal, Operator, Subquery } from './query';
import type { TokenStream } from './token-stream';

const OPERATORS: Readonly<Record<string, Operator>> = {
  '=': '=',
  '!=': '!=',
  '<>': '!=',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
};

/** Parses the condition of a WHERE clause: comparisons with AND, OR, NOT, and parentheses. */
export function parseCondition(stream: TokenStream): Condition {
  let condition = parseAnd(stream);
  while (stream.takeWord('OR')) condition = { kind: 'or', sides: [condition, parseAnd(stream)] };
  return condition;
}

function parseAnd(stream: TokenStream): Condition {
  let condition = parseTerm(stream);
  while (stream.takeWord('AND')) condition = { kind: 'and', sides: [condition, parseTerm(stream)] };
  return condition;
}

function parseTerm(stream: TokenStream): Condition {
  if (stream.takeWord('NOT')) return { kind: 'not', inner: parseTerm(stream) };
  if (!stream.takeSymbol('(')) return parseComparison(stream);
  const inner = parseCondition(stream);
  stream.expectSymbol(')');
  return inner;
}

function parseComparison(stream: TokenStream): Condition {
  const field = stream.expectName();
  if (stream.takeWord('LIKE')) return { kind: 'comparison', field, operator: 'LIKE', values: [stream.expectLiteral()] };
  if (stream.takeWord('IN')) return { kind: 'comparison', field, operator: 'IN', ...inList(stream) };
  if (stream.takeWord('NOT')) {
    stream.expectWord('IN');
    return { kind: 'comparison', field, operator: 'NOT IN', ...inList(stream) };
  }
  const operator = OPERATORS[stream.peek().value] ?? stream.fail();
  stream.next();
  return { kind: 'comparison', field, operator, values: [stream.expectLiteral()] };
}

/** The list of literals, or the query, on the right of IN. */
function inList(stream: TokenStream): { values: readonly Literal[]; subquery?: Subquery } {
  stream.expectSymbol('(');
  if (stream.takeWord('SELECT')) return { values: [], subquery: subquery(stream) };
  const values = [stream.expectLiteral()];
  while (stream.takeSymbol(',')) values.push(stream.expectLiteral());
  stream.expectSymbol(')');
  return { values };
}

function subquery(stream: TokenStream): Subquery {
  const field = stream.expectName();
  stream.expectWord('FROM');
  const from = stream.expectName();
  const where = stream.takeWord('WHERE') ? parseCondition(stream) : undefined;
  stream.expectSymbol(')');
  return { field, from, ...(where && { where }) };
}

import type { Condition, Operator } from './query';
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
  if (stream.takeWord('IN')) return { kind: 'comparison', field, operator: 'IN', values: literalList(stream) };
  if (stream.takeWord('NOT')) {
    stream.expectWord('IN');
    return { kind: 'comparison', field, operator: 'NOT IN', values: literalList(stream) };
  }
  const operator = OPERATORS[stream.peek().value] ?? stream.fail();
  stream.next();
  return { kind: 'comparison', field, operator, values: [stream.expectLiteral()] };
}

function literalList(stream: TokenStream) {
  stream.expectSymbol('(');
  const values = [stream.expectLiteral()];
  while (stream.takeSymbol(',')) values.push(stream.expectLiteral());
  stream.expectSymbol(')');
  return values;
}

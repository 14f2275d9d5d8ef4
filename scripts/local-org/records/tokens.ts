import { malformedQueryError } from './query-error';

export type TokenKind = 'name' | 'text' | 'number' | 'date' | 'symbol' | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** the text of the token; for a string literal, its unescaped content */
  readonly value: string;
  readonly position: number;
}

const PATTERNS: readonly (readonly [TokenKind, RegExp])[] = [
  ['date', /\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2}))?/y],
  ['number', /-?\d+(?:\.\d+)?/y],
  ['name', /(?:LAST_N|NEXT_N|N)_[A-Z]+(?:_AGO)?:\d+/iy],
  ['name', /[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*/y],
  ['text', /'(?:[^'\\]|\\.)*'/y],
  ['symbol', /<=|>=|!=|<>|[=<>(),]/y],
];

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

/** Splits a query into tokens. The last token is of kind `end`. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let position = skipBlanks(text, 0);
  while (position < text.length) {
    const [kind, raw] = tokenAt(text, position);
    tokens.push({ kind, value: kind === 'text' ? unescape(raw) : raw, position });
    position = skipBlanks(text, position + raw.length);
  }
  return [...tokens, { kind: 'end', value: '', position }];
}

function tokenAt(text: string, position: number): [TokenKind, string] {
  for (const [kind, pattern] of PATTERNS) {
    pattern.lastIndex = position;
    const match = pattern.exec(text);
    if (match) return [kind, match[0]];
  }
  throw malformedQueryError(text, position, text[position] ?? '');
}

function skipBlanks(text: string, from: number): number {
  const offset = text.slice(from).search(/\S/);
  return offset < 0 ? text.length : from + offset;
}

function unescape(raw: string): string {
  return raw.slice(1, -1).replace(/\\(.)/g, (_, letter: string) => ESCAPES[letter] ?? letter);
}

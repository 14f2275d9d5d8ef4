import { periodOf } from './date-literals';
import type { FieldRef, Literal } from './query';
import { malformedQueryError } from './query-error';
import { tokenize, type Token } from './tokens';

const RESERVED = new Set(['SELECT', 'FROM', 'WHERE', 'ORDER', 'LIMIT', 'OFFSET', 'AND', 'OR', 'NOT', 'LIKE', 'IN']);

/** The tokens of a query with the current position. */
export class TokenStream {
  readonly #text: string;
  readonly #now: Date;
  readonly #tokens: readonly Token[];
  #index = 0;

  /** `now` is the time that date literals refer to. */
  constructor(text: string, now: Date) {
    this.#text = text;
    this.#now = now;
    this.#tokens = tokenize(text);
  }

  peek(ahead = 0): Token {
    return this.#tokens[Math.min(this.#index + ahead, this.#tokens.length - 1)] as Token;
  }

  next(): Token {
    const token = this.peek();
    this.#index += 1;
    return token;
  }

  fail(): never {
    throw malformedQueryError(this.#text, this.peek().position, this.peek().value);
  }

  takeWord(word: string): boolean {
    const { kind, value } = this.peek();
    return this.#take(kind === 'name' && value.toUpperCase() === word);
  }

  takeSymbol(symbol: string): boolean {
    const { kind, value } = this.peek();
    return this.#take(kind === 'symbol' && value === symbol);
  }

  /** Takes the three tokens of COUNT(). */
  takeCount(): boolean {
    const [word, open, close] = [this.peek(), this.peek(1), this.peek(2)];
    const isCount = word.value.toUpperCase() === 'COUNT' && open.value === '(' && close.value === ')';
    if (isCount) this.#index += 3;
    return isCount;
  }

  /** Takes the name of a function and its opening parenthesis. */
  takeFunction(name: string): boolean {
    const isCall = this.peek().value.toUpperCase() === name && this.peek(1).value === '(';
    if (isCall) this.#index += 2;
    return isCall;
  }

  expectWord(word: string): void {
    if (!this.takeWord(word)) this.fail();
  }

  expectSymbol(symbol: string): void {
    if (!this.takeSymbol(symbol)) this.fail();
  }

  expectName(): FieldRef {
    const { kind, value, position } = this.peek();
    if (kind !== 'name' || RESERVED.has(value.toUpperCase())) this.fail();
    this.#index += 1;
    return { name: value, position };
  }

  expectInteger(): number {
    const { kind, value } = this.peek();
    if (kind !== 'number' || !/^\d+$/.test(value)) this.fail();
    this.#index += 1;
    return Number(value);
  }

  expectLiteral(): Literal {
    const { kind, value } = this.peek();
    const period = kind === 'name' ? periodOf(value, this.#now) : undefined;
    if (period && this.#take(true)) return period;
    if (kind !== 'text' && kind !== 'number' && kind !== 'date' && kind !== 'name') this.fail();
    if (kind === 'name' && !['true', 'false', 'null'].includes(value.toLowerCase())) this.fail();
    this.#index += 1;
    if (kind === 'number') return Number(value);
    return kind === 'name' ? (JSON.parse(value.toLowerCase()) as boolean | null) : value;
  }

  expectEnd(): void {
    if (this.peek().kind !== 'end') this.fail();
  }

  #take(matches: boolean): boolean {
    if (matches) this.#index += 1;
    return matches;
  }
}

import { keyFileProblem, type KeyFileProblem } from './problem';

/** Common defects of edited JSON, by the error of the parser, with their fix. */
const SYNTAX: readonly (readonly [pattern: RegExp, message: string, fix: string])[] = [
  [/Comment/, "comments aren't allowed", 'Remove the comments.'],
  [/ValueExpected|PropertyNameExpected/, 'a comma is followed by nothing', 'Remove the comma before the bracket.'],
  [
    /EndOfFileExpected/,
    'more text follows after the end of the JSON',
    'Specify a file with one JWK, or wrap several: { "keys": [ ... ] }.',
  ],
  [
    /InvalidSymbol/,
    'names and texts must be in straight double quotes',
    'Use the JSON that the provider serves, not a copy in JavaScript or from a word processor.',
  ],
  [
    /UnexpectedEnd|Close\w+Expected/,
    'the text is cut off, or a bracket or a quotation mark is missing',
    'Copy the whole text again.',
  ],
];

const OTHER = ["it isn't well-formed", 'Correct the JSON, or download it again.'] as const;

/** Explains the first problem of a JSON text. The texts repeat nothing of it. */
export function describeJsonSyntax({
  line,
  message,
}: {
  readonly line: number;
  readonly message: string;
}): KeyFileProblem {
  const [, what, fix] = SYNTAX.find(([pattern]) => pattern.test(message)) ?? ['', ...OTHER];
  return keyFileProblem('key-json', `The JSON can't be read at line ${line}: ${what}.`, fix);
}

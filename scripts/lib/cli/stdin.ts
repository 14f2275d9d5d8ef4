import { npmRun } from '../model';
import { ToolError, invalidFlagError } from '../errors';

/** The maximum size of the input. Tokens, error messages, and HTTP responses are smaller. */
const MAX_BYTES = 256 * 1024;

/** Reads stdin to its end. Throws `invalid-flag` if it is empty or too long. On a terminal, prints instructions first. */
export async function readStdin(expected: string): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write(`Paste ${expected}, then press Enter and Ctrl+D.\n`);
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of process.stdin) {
    parts.push(part as Buffer);
    length += (part as Buffer).length;
    if (length > MAX_BYTES) throw inputTooLongError();
  }
  const text = Buffer.concat(parts).toString('utf8');
  if (text.trim() === '') throw emptyInputError(expected);
  return text;
}

const emptyInputError = (expected: string): ToolError =>
  invalidFlagError(
    'The input on stdin is empty.',
    `Expected was ${expected}. A file that is empty, or a variable that is not set, looks like this.`,
    `Pass the input on stdin: ${npmRun('token', 'explain')} < token.txt`,
  );

const inputTooLongError = (): ToolError =>
  invalidFlagError(
    'The input on stdin is too long.',
    `More than ${MAX_BYTES / 1024} KB is more than a token, an error message, or an HTTP response.`,
    'Pass only the token, the error message, or the HTTP response.',
  );

import { ToolError, invalidFlagError } from '../errors';

/** More than any token, error or answer; a pipe that never ends is cut off here. */
const MAX_BYTES = 256 * 1024;

/** Everything on standard input, which is something. At a terminal, the person is told what to do. */
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
    'Standard input is empty.',
    `Expected was ${expected}. A file that is empty, or a variable that is not set, looks like this.`,
    'Hand it over on standard input: npm run -s token -- explain < token.txt',
  );

const inputTooLongError = (): ToolError =>
  invalidFlagError(
    'Standard input is too long.',
    `More than ${MAX_BYTES / 1024} kB came in, which is no token and no error.`,
    'Hand over the token, the error or the answer alone.',
  );

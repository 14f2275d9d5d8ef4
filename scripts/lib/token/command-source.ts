import type { ChildProcessByStdio } from 'node:child_process';
import type { Readable } from 'node:stream';
import { ToolError, invalidFlagError } from '../errors';
import { killCommand, startCommand } from './command-group';
import { readToken } from './read-token';
import { splitArgs } from './split-args';
import type { TokenSource, TokenSpec } from './token-source';

const COMMAND_TIMEOUT_MS = 30_000;
const MAX_OUTPUT_BYTES = 16 * 1024;

/**
 * Gets tokens from the customer's own token service by running a command without a shell. Environment variables describe the
 * requested token. The command prints one token to standard output, which is kept in memory only. Its standard error is
 * discarded, because it can repeat the token. Throws `invalid-flag` if the command line can't be parsed.
 */
export function commandSource(line: string, timeoutMs = COMMAND_TIMEOUT_MS): TokenSource {
  const argv = splitArgs(line);
  if (!argv) throw invalidCommandError();
  return {
    async getToken(spec) {
      const text = (await runCommand(argv, spec, timeoutMs)).trim();
      const { problem } = readToken(text);
      if (problem !== undefined) throw commandFailedError(`Its output isn't one token. ${problem}`);
      return text;
    },
  };
}

const commandEnvironment = ({
  org,
  orgId,
  channel,
  subject,
  issuer,
  kid,
  alg,
  toSign,
}: TokenSpec): NodeJS.ProcessEnv => ({
  ...process.env,
  TOKEN_ORG: org,
  TOKEN_ORG_ID: orgId,
  TOKEN_CHANNEL: channel,
  TOKEN_SUBJECT: subject,
  TOKEN_ISSUER: issuer,
  ...(kid !== undefined && { TOKEN_KID: kid }),
  ...(alg !== undefined && { TOKEN_ALG: alg }),
  ...(toSign !== undefined && { TOKEN_TO_SIGN: toSign }),
});

function runCommand(
  [file, ...args]: readonly [string, ...string[]],
  spec: TokenSpec,
  timeoutMs: number,
): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    const child = startCommand<ChildProcessByStdio<null, Readable, null>>(file, args, {
      env: commandEnvironment(spec),
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const abort = (why: string): void => {
      killCommand(child);
      reject(commandFailedError(why));
    };
    const timer = setTimeout(() => abort(`It didn't end within ${timeoutMs / 1000} seconds.`), timeoutMs);
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString('latin1');
      if (output.length > MAX_OUTPUT_BYTES) abort(`It printed more than ${MAX_OUTPUT_BYTES / 1024} KB.`);
    });
    child.on('error', ({ code }: NodeJS.ErrnoException) =>
      reject(commandFailedError(`It couldn't be started (${code ?? 'unknown'}).`)),
    );
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (code === 0) resolve(output);
      else reject(commandFailedError(signal ? `It was terminated by ${signal}.` : `It ended with exit code ${code}.`));
    });
  });
}

const commandFailedError = (why: string): ToolError =>
  new ToolError('command-failed', {
    what: 'The command of --token-command returned no token.',
    why,
    fix: 'Run the command manually with TOKEN_ORG, TOKEN_CHANNEL, TOKEN_SUBJECT and TOKEN_ISSUER set. It must print one token to standard output and nothing else.',
  });

const invalidCommandError = (): ToolError =>
  invalidFlagError(
    "The command of --token-command can't be parsed.",
    'It is empty, or a quotation mark is not closed. The command runs without a shell.',
    'Specify a program and its arguments. For a pipe or a variable, use --token-command \'sh -c "..."\'.',
  );

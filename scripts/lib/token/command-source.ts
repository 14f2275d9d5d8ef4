import { spawn, type ChildProcess } from 'node:child_process';
import { ToolError, invalidFlagError } from '../errors';
import { readToken } from './read-token';
import { splitArgs } from './split-args';
import type { TokenSource, TokenSpec } from './token-source';

/** How long the command may take, in milliseconds, and how much it may print, in bytes. */
const COMMAND_TIMEOUT_MS = 30_000;
const MAX_OUTPUT_BYTES = 16 * 1024;

/**
 * The customer's own issuer, asked by a command. It is started without a shell; what the token is for stands in its
 * environment; its standard output is one token, which is kept in memory alone. What it prints besides is thrown away, for
 * it could repeat the token.
 */
export function commandSource(line: string, timeoutMs = COMMAND_TIMEOUT_MS): TokenSource {
  const argv = splitArgs(line);
  if (!argv) throw invalidCommandError();
  return {
    async getToken(spec) {
      const text = (await runCommand(argv, spec, timeoutMs)).trim();
      const { problem } = readToken(text);
      if (problem !== undefined) throw commandFailedError(`What it printed is not one token. ${problem}`);
      return text;
    },
  };
}

const commandEnvironment = ({ org, orgId, channel, subject, issuer, kid }: TokenSpec): NodeJS.ProcessEnv => ({
  ...process.env,
  ...{ TOKEN_ORG: org, TOKEN_ORG_ID: orgId, TOKEN_CHANNEL: channel, TOKEN_SUBJECT: subject, TOKEN_ISSUER: issuer },
  ...(kid !== undefined && { TOKEN_KID: kid }),
});

function runCommand(
  [file, ...args]: readonly [string, ...string[]],
  spec: TokenSpec,
  timeoutMs: number,
): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    // A group of its own, so that what the command started ends with it.
    const child = spawn(file, args, {
      env: commandEnvironment(spec),
      detached: true,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const abort = (why: string): void => {
      killProcessGroup(child);
      reject(commandFailedError(why));
    };
    const timer = setTimeout(() => abort(`It did not end within ${timeoutMs / 1000} seconds.`), timeoutMs);
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString('latin1');
      if (output.length > MAX_OUTPUT_BYTES) abort(`It printed more than ${MAX_OUTPUT_BYTES / 1024} kB.`);
    });
    child.on('error', ({ code }: NodeJS.ErrnoException) =>
      reject(commandFailedError(`It could not be started (${code ?? 'unknown'}).`)),
    );
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (code === 0) resolve(output);
      else reject(commandFailedError(signal ? `It was ended by ${signal}.` : `It ended with exit code ${code}.`));
    });
  });
}

/** Ends a command with everything it started; where there are no process groups, the command alone. */
function killProcessGroup(child: ChildProcess): void {
  try {
    process.kill(-(child.pid ?? 0), 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
}

const commandFailedError = (why: string): ToolError =>
  new ToolError('command-failed', {
    what: 'The command of --token-command gave no token.',
    why,
    fix: 'Run it by hand with TOKEN_ORG, TOKEN_CHANNEL, TOKEN_SUBJECT and TOKEN_ISSUER set. It has to print one token and nothing else; errors belong on standard error.',
  });

const invalidCommandError = (): ToolError =>
  invalidFlagError(
    'The command of --token-command cannot be read.',
    'It is empty, or a quote in it does not end. It is started without a shell.',
    'Write a program and its arguments; for a pipe or a variable: --token-command \'sh -c "..."\'.',
  );

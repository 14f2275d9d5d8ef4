import { spawn } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(__dirname, '../../../..');

/** The exit code and output of a command. */
export interface CommandExit {
  readonly exit: number | null;
  readonly out: string;
  readonly err: string;
}

/**
 * Runs a script of this project as a user would, without a terminal; `environment` is added to a minimal one. With `stdout`, an open
 * file, its output isn't captured.
 */
export function runScript(
  script: string,
  argv: readonly string[],
  environment: NodeJS.ProcessEnv = {},
  stdout: number | 'pipe' = 'pipe',
): Promise<CommandExit> {
  const child = spawn(process.execPath, ['-r', join(ROOT, '.config/ts-node.cjs'), join(ROOT, script), ...argv], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...environment },
    stdio: ['ignore', stdout, 'pipe'],
  });
  const written = { out: '', err: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (written.out += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (written.err += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exit) => resolve({ exit, ...written }));
  });
}

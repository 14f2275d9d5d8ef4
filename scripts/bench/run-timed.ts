import { spawn } from 'node:child_process';
import { watchMemory } from './memory';

/** The cost of one run of a command: elapsed seconds, processor seconds with its descendants, and megabytes. */
export interface Timing {
  readonly wall: number;
  readonly cpu: number;
  /** The peak memory of the command and its descendants; undefined on systems without /proc. */
  readonly memory?: number | undefined;
}

/** Runs a command and measures its process. Rejects if its exit code isn't the expected one. */
export function runTimed(
  command: string,
  argv: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv; exit: number },
): Promise<Timing> {
  return new Promise((resolve, reject) => {
    // The time keyword of bash includes all descendants; Node doesn't provide this number.
    const child = spawn('bash', ['-c', `TIMEFORMAT='%R %U %S'; time "$@"`, 'bash', command, ...argv], {
      cwd: options.cwd,
      env: options.env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const peak = watchMemory(child.pid ?? 0);
    let output = '';
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => {
      const memory = peak();
      const [wall = 0, user = 0, system = 0] = (output.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
      if (code === options.exit) resolve({ wall, cpu: user + system, memory });
      else reject(new Error(`${command} ${argv.join(' ')} ended with ${String(code)}: ${output.slice(-800)}`));
    });
  });
}

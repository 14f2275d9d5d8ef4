import { spawn } from 'node:child_process';
import { watchMemory } from './memory';

/** What one run of a command took: seconds by the clock, seconds of processors by it and every process it waited for, and megabytes. */
export interface Timing {
  readonly wall: number;
  readonly cpu: number;
  /** The most memory that it and its processes had at one time; undefined where the system does not tell. */
  readonly memory?: number | undefined;
}

/** Runs a command to its end and times it as a whole process. Throws when it ends otherwise than expected. */
export function runTimed(
  command: string,
  argv: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv; exit: number },
): Promise<Timing> {
  return new Promise((resolve, reject) => {
    // bash's own time keyword counts every descendant that was waited for; Node has no such figure.
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

/** The sum of several runs, one after the other; their memory is not added up. */
export const sumTimings = (timings: readonly Timing[]): Timing =>
  timings.reduce((total, each) => ({ wall: total.wall + each.wall, cpu: total.cpu + each.cpu }), { wall: 0, cpu: 0 });

import { spawn } from 'node:child_process';

/** What one run of a command took, in seconds: by the clock, and of processors by it and every process it waited for. */
export interface Timing {
  readonly wall: number;
  readonly cpu: number;
}

/** Runs a command to its end and times it as a whole process. Throws when it ends otherwise than expected. */
export function timed(
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
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => {
      const [wall = 0, user = 0, system = 0] = (said.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
      if (code === options.exit) resolve({ wall, cpu: user + system });
      else reject(new Error(`${command} ${argv.join(' ')} ended with ${String(code)}: ${said.slice(-800)}`));
    });
  });
}

/** The sum of several runs, one after the other. */
export const sum = (timings: readonly Timing[]): Timing =>
  timings.reduce((total, each) => ({ wall: total.wall + each.wall, cpu: total.cpu + each.cpu }), { wall: 0, cpu: 0 });

import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './fleet';
import type { Workspace } from './workspace';

/** Exit code and output of a command that ran in its own process, as npm starts it. */
export interface ProcessResult {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A running command and the folder that it uses as the temporary folder of the system. */
export interface RunningProcess {
  readonly child: ChildProcess;
  readonly temporaryFolder: string;
  readonly ended: Promise<ProcessResult>;
}

/** Starts a command with the login store of the workspace and without a terminal. */
export function startProcess(workspace: Workspace, name: string, argv: readonly string[], env = {}): RunningProcess {
  const script = ['-r', join(ROOT, '.config/ts-node.cjs'), join(ROOT, `scripts/${name}.ts`)];
  return start(workspace, name, process.execPath, [...script, ...argv], env);
}

function start(workspace: Workspace, name: string, file: string, argv: readonly string[], env: object): RunningProcess {
  mkdirSync(join(workspace.folder, 'temporary'), { recursive: true });
  const temporaryFolder = mkdtempSync(join(workspace.folder, 'temporary', `${name}-`));
  const child = spawn(file, argv, {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], HOME: workspace.home, TMPDIR: temporaryFolder, FORCE_COLOR: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  workspace.onCleanup(async () => void child.kill('SIGKILL'));
  return { child, temporaryFolder, ended: resultOf(child) };
}

/** Runs a command that can't write files above a size, as on a full disk. Blocks have 512 bytes (POSIX, ulimit). */
export function runWithFileLimit(
  workspace: Workspace,
  name: string,
  argv: readonly string[],
  blocks: number,
): Promise<ProcessResult> {
  const script = [process.execPath, '-r', join(ROOT, '.config/ts-node.cjs'), join(ROOT, `scripts/${name}.ts`)];
  return start(workspace, name, 'sh', ['-c', `ulimit -f ${blocks}; exec "$@"`, 'sh', ...script, ...argv], {}).ended;
}

/** Starts a command as `npm run <name>`. `child` is npm; the output ends when the command has ended, too. */
export function startWithNpm(workspace: Workspace, name: string, argv: readonly string[]): RunningProcess {
  return start(workspace, name, 'npm', ['run', '--silent', name, '--', ...argv], {});
}

export const runProcess = (...args: Parameters<typeof startProcess>): Promise<ProcessResult> =>
  startProcess(...args).ended;

function resultOf(child: ChildProcess): Promise<ProcessResult> {
  const output = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exit) => resolve({ exit, ...output }));
  });
}

/** Files that a command left in its temporary folder, except the compile caches of the sf CLI and of npm. */
export const leftoverFiles = (temporary: string): readonly string[] =>
  readdirSync(temporary).filter((name) => !/^(v8|node)-compile-cache/.test(name));

/** IDs of processes whose environment contains a folder. Returns none on systems without /proc. */
export function findProcesses(folder: string): readonly string[] {
  const ids = existsSync('/proc/self/environ') ? readdirSync('/proc').filter((name) => /^\d+$/.test(name)) : [];
  return ids.filter((id) => environmentOf(id).includes(folder));
}

/** IDs of the processes that a process started. Returns none on systems without /proc. */
export function findChildren({ pid }: ChildProcess): readonly number[] {
  const ids = existsSync('/proc/self/stat') ? readdirSync('/proc').filter((name) => /^\d+$/.test(name)) : [];
  return ids.filter((id) => parentOf(id) === pid).map(Number);
}

/** The parent of a process. (Linux: proc(5), field 4 of stat) */
function parentOf(id: string): number | undefined {
  try {
    const stat = readFileSync(`/proc/${id}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined;
  }
}

function environmentOf(id: string): string {
  try {
    return readFileSync(`/proc/${id}/environ`, 'utf8');
  } catch {
    return '';
  }
}

/** Waits until `read` returns a value. Fails after 60 seconds, which is enough on a slow machine. */
export async function waitUntil<T>(description: string, read: () => T | undefined | false): Promise<T> {
  for (const start = Date.now(); Date.now() - start < 60_000;) {
    const result = read();
    if (result !== undefined && result !== false) return result;
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  throw new Error(`Timeout after 60 seconds: ${description}.`);
}

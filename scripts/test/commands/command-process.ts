import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './fleet';
import type { Workspace } from './workspace';

/** How a command ended that ran as a process of its own, exactly as npm starts it. */
export interface ProcessResult {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command under way, and the folder that it takes for the machine's temporary one. */
export interface RunningProcess {
  readonly child: ChildProcess;
  readonly temporaryFolder: string;
  readonly ended: Promise<ProcessResult>;
}

/** Starts a command with the login store of a workplace; nobody sits at a terminal. */
export function startProcess(workspace: Workspace, name: string, argv: readonly string[], env = {}): RunningProcess {
  mkdirSync(join(workspace.folder, 'temporary'), { recursive: true });
  const temporaryFolder = mkdtempSync(join(workspace.folder, 'temporary', `${name}-`));
  const child = spawn(
    process.execPath,
    ['-r', join(ROOT, '.config/ts-node.cjs'), join(ROOT, `scripts/${name}.ts`), ...argv],
    {
      cwd: ROOT,
      env: { PATH: process.env['PATH'], HOME: workspace.home, TMPDIR: temporaryFolder, FORCE_COLOR: '0', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  workspace.onCleanup(async () => void child.kill('SIGKILL'));
  return { child, temporaryFolder, ended: resultOf(child) };
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

/** What a command left in its temporary folder; a package of the CLI keeps a cache of compiled code there, for all users of it. */
export const leftoverFiles = (temporary: string): readonly string[] =>
  readdirSync(temporary).filter((name) => !name.startsWith('v8-compile-cache'));

/** Ids of the processes that were started with a folder in their environment; Linux tells them, other systems do not. */
export function findProcesses(folder: string): readonly string[] {
  const ids = existsSync('/proc/self/environ') ? readdirSync('/proc').filter((name) => /^\d+$/.test(name)) : [];
  return ids.filter((id) => environmentOf(id).includes(folder));
}

function environmentOf(id: string): string {
  try {
    return readFileSync(`/proc/${id}/environ`, 'utf8');
  } catch {
    return '';
  }
}

/** Waits until something is so; fails after a minute, which also a busy machine is quick enough for. */
export async function waitUntil<T>(description: string, read: () => T | undefined | false): Promise<T> {
  for (const start = Date.now(); Date.now() - start < 60_000;) {
    const result = read();
    if (result !== undefined && result !== false) return result;
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  throw new Error(`It did not come to pass: ${description}.`);
}

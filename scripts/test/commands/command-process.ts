import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './fleet';
import type { Workplace } from './workplace';

/** How a command ended that ran as a process of its own, exactly as npm starts it. */
export interface Ended {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command under way, and the folder that it takes for the machine's temporary one. */
export interface Running {
  readonly child: ChildProcess;
  readonly temporary: string;
  readonly ended: Promise<Ended>;
}

/** Starts a command with the login store of a workplace; nobody sits at a terminal. */
export function startCommand(place: Workplace, name: string, argv: readonly string[], env = {}): Running {
  mkdirSync(join(place.folder, 'temporary'), { recursive: true });
  const temporary = mkdtempSync(join(place.folder, 'temporary', `${name}-`));
  const child = spawn(
    process.execPath,
    ['-r', join(ROOT, '.config/ts-node.cjs'), join(ROOT, `scripts/${name}.ts`), ...argv],
    {
      cwd: ROOT,
      env: { PATH: process.env['PATH'], HOME: place.home, TMPDIR: temporary, FORCE_COLOR: '0', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  place.atEnd(async () => void child.kill('SIGKILL'));
  return { child, temporary, ended: endOf(child) };
}

export const runCommand = (...started: Parameters<typeof startCommand>): Promise<Ended> =>
  startCommand(...started).ended;

function endOf(child: ChildProcess): Promise<Ended> {
  const said = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (said.stderr += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exit) => resolve({ exit, ...said }));
  });
}

/** What a command left in its temporary folder; a package of the CLI keeps a cache of compiled code there, for all users of it. */
export const leftIn = (temporary: string): readonly string[] =>
  readdirSync(temporary).filter((name) => !name.startsWith('v8-compile-cache'));

/** Ids of the processes that were started with a folder in their environment; Linux tells them, other systems do not. */
export function processesWith(folder: string): readonly string[] {
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
export async function until<T>(what: string, look: () => T | undefined | false): Promise<T> {
  for (const start = Date.now(); Date.now() - start < 60_000;) {
    const found = look();
    if (found !== undefined && found !== false) return found;
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  throw new Error(`It did not come to pass: ${what}.`);
}

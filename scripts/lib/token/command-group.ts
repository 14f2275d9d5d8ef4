import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';

const running = new Set<ChildProcess>();
process.on('exit', () => running.forEach(killCommand));

/**
 * Starts a command of the user in a process group of its own, so that `killCommand` also ends the processes that it starts. A
 * command that still runs when this process exits is killed.
 */
export function startCommand<T extends ChildProcess>(file: string, args: readonly string[], options: SpawnOptions): T {
  const child = spawn(file, args, { ...options, detached: true });
  running.add(child);
  child.on('close', () => running.delete(child));
  return child as T;
}

/** Kills a command with all processes that it started; on systems without process groups, the command alone. */
export function killCommand(child: ChildProcess): void {
  // A command that couldn't be started has no ID. Group 0 would be the group of this process.
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
}

import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { ToolError } from '../errors';

const holderSchema = z.object({
  pid: z.number(),
  started: z.string(),
  host: z.string(),
  since: z.string(),
  token: z.string(),
});
type LockHolder = z.infer<typeof holderSchema>;

/** Which org is held, where locks are kept, and how long somebody else's is waited for, in milliseconds. */
export interface LockOptions {
  readonly alias: string;
  readonly orgId: string;
  /** The home of the login store: whoever may reach an org from this machine uses it. */
  readonly home: string;
  readonly timeout: number;
  /** Told once when there is something to wait for. */
  readonly onWait: (why: string) => void;
}

const POLL_INTERVAL_MS = 500;

/**
 * Does work while no other run of this user on this machine works on the org. Waits for another one as long as the
 * patience lasts, then throws `org-busy`. The lock of a process that is gone does not count. The work is told whether it had
 * to wait: the org may hold something else by now.
 */
export async function withLock<T>(options: LockOptions, work: (waited: boolean) => Promise<T>): Promise<T> {
  const file = join(options.home, '.sf', 'user-verification', `${options.orgId.slice(0, 15)}.lock`);
  const { token, waited } = await acquire(file, options);
  try {
    return await work(waited);
  } finally {
    if (readHolder(file)?.token === token) rmSync(file, { force: true });
  }
}

async function acquire(file: string, options: LockOptions): Promise<{ token: string; waited: boolean }> {
  const token = randomBytes(8).toString('hex');
  const start = Date.now();
  for (let waited = false; ; waited = true) {
    const current = tryAcquire(file, token);
    if (!current) return { token, waited };
    if (!waited) options.onWait(`for another run (process ${current.pid} on ${current.host}, since ${current.since})`);
    if (Date.now() - start >= options.timeout) throw lockedError(options.alias, current, file);
    await pause(POLL_INTERVAL_MS);
  }
}

/** Takes the lock, or tells who has it. The file appears under its name whole or not at all. */
function tryAcquire(file: string, token: string): LockHolder | undefined {
  const draft = `${file}.${token}`;
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(draft, JSON.stringify(createHolder(token)), { mode: 0o600 });
  try {
    linkSync(draft, file);
    return undefined;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown;
  } finally {
    unlinkSync(draft);
  }
  const current = readHolder(file);
  if (current && isAlive(current)) return current;
  breakStaleLock(file, current);
  return tryAcquire(file, token);
}

/** Moves a lock that nobody holds out of the way. One that somebody took meanwhile is put back. */
function breakStaleLock(file: string, stale: LockHolder | undefined): void {
  const aside = `${file}.${randomBytes(8).toString('hex')}`;
  try {
    renameSync(file, aside);
    if (readHolder(aside)?.token !== stale?.token) linkSync(aside, file);
    unlinkSync(aside);
  } catch (thrown) {
    if (!['ENOENT', 'EEXIST'].includes((thrown as NodeJS.ErrnoException).code ?? '')) throw thrown;
  }
}

const createHolder = (token: string): LockHolder => ({
  pid: process.pid,
  started: processStart(process.pid),
  host: hostname(),
  since: new Date().toISOString(),
  token,
});

function readHolder(file: string): LockHolder | undefined {
  try {
    return holderSchema.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data;
  } catch {
    return undefined;
  }
}

/** Of another machine nobody can tell, so its lock counts. A process id that was given out anew has another start. */
function isAlive({ pid, started, host }: LockHolder): boolean {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM';
  }
  return started === processStart(pid);
}

/** When a process started, in a unit of its own; empty where the system does not tell. (Linux: proc(5), field 22 of stat) */
function processStart(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

const lockedError = (alias: string, { pid, host, since }: LockHolder, file: string): ToolError =>
  new ToolError('org-busy', {
    what: `Another run is working on "${alias}". Nothing was sent to it.`,
    why: `Process ${pid} on ${host} has been at it since ${since}.`,
    fix: `Wait for it, or let this run wait longer with --lock-timeout. If that machine is gone, remove ${file}.`,
  });

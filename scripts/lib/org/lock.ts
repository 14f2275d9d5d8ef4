import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { ToolError } from '../errors';

const holder = z.object({
  pid: z.number(),
  started: z.string(),
  host: z.string(),
  since: z.string(),
  token: z.string(),
});
type Holder = z.infer<typeof holder>;

/** Which org is held, where locks are kept, and how long somebody else's is waited for, in milliseconds. */
export interface LockWish {
  readonly alias: string;
  readonly orgId: string;
  /** The home of the login store: whoever may reach an org from this machine uses it. */
  readonly home: string;
  readonly patience: number;
  /** Told once when there is something to wait for. */
  readonly waiting: (why: string) => void;
}

const LOOK_EVERY = 500;

/**
 * Does work while no other run of this user on this machine works on the org. Waits for another one as long as the
 * patience lasts, then throws `org-busy`. The lock of a process that is gone does not count. The work is told whether it had
 * to wait: the org may hold something else by now.
 */
export async function withLock<T>(wish: LockWish, work: (waited: boolean) => Promise<T>): Promise<T> {
  const file = join(wish.home, '.sf', 'user-verification', `${wish.orgId.slice(0, 15)}.lock`);
  const { token, waited } = await acquire(file, wish);
  try {
    return await work(waited);
  } finally {
    if (readHolder(file)?.token === token) rmSync(file, { force: true });
  }
}

async function acquire(file: string, wish: LockWish): Promise<{ token: string; waited: boolean }> {
  const token = randomBytes(8).toString('hex');
  const start = Date.now();
  for (let waited = false; ; waited = true) {
    const other = take(file, token);
    if (!other) return { token, waited };
    if (!waited) wish.waiting(`for another run (process ${other.pid} on ${other.host}, since ${other.since})`);
    if (Date.now() - start >= wish.patience) throw held(wish.alias, other, file);
    await pause(LOOK_EVERY);
  }
}

/** Takes the lock, or tells who has it. The file appears under its name whole or not at all. */
function take(file: string, token: string): Holder | undefined {
  const draft = `${file}.${token}`;
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(draft, JSON.stringify(self(token)), { mode: 0o600 });
  try {
    linkSync(draft, file);
    return undefined;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown;
  } finally {
    unlinkSync(draft);
  }
  const other = readHolder(file);
  if (other && isAlive(other)) return other;
  clearAway(file, other);
  return take(file, token);
}

/** Moves a lock that nobody holds out of the way. One that somebody took meanwhile is put back. */
function clearAway(file: string, stale: Holder | undefined): void {
  const aside = `${file}.${randomBytes(8).toString('hex')}`;
  try {
    renameSync(file, aside);
    if (readHolder(aside)?.token !== stale?.token) linkSync(aside, file);
    unlinkSync(aside);
  } catch (thrown) {
    if (!['ENOENT', 'EEXIST'].includes((thrown as NodeJS.ErrnoException).code ?? '')) throw thrown;
  }
}

const self = (token: string): Holder => ({
  pid: process.pid,
  started: startOf(process.pid),
  host: hostname(),
  since: new Date().toISOString(),
  token,
});

function readHolder(file: string): Holder | undefined {
  try {
    return holder.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data;
  } catch {
    return undefined;
  }
}

/** Of another machine nobody can tell, so its lock counts. A process id that was given out anew has another start. */
function isAlive({ pid, started, host }: Holder): boolean {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM';
  }
  return started === startOf(pid);
}

/** When a process started, in a unit of its own; empty where the system does not tell. (Linux: proc(5), field 22 of stat) */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

const held = (alias: string, { pid, host, since }: Holder, file: string): ToolError =>
  new ToolError('org-busy', {
    what: `Another run is working on "${alias}". Nothing was sent to it.`,
    why: `Process ${pid} on ${host} has been at it since ${since}.`,
    fix: `Wait for it, or let this run wait longer with --wait. If that machine is gone, remove ${file}.`,
  });

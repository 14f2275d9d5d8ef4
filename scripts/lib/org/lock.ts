import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { ToolError } from '../errors';
import { poll } from '../sf';

/** A process of one machine. A reused process ID has another start time. */
interface ProcessIdentity {
  readonly pid: number;
  /** In clock ticks since boot; empty if the system doesn't provide it. */
  readonly started: string;
  readonly host: string;
}

const holderSchema = z.object({
  pid: z.number(),
  started: z.string(),
  host: z.string(),
  since: z.string(),
  token: z.string(),
});
type LockHolder = z.infer<typeof holderSchema>;

/** Which org to lock, where, and for how long to wait. */
export interface LockOptions {
  readonly alias: string;
  readonly orgId: string;
  /** The home folder of the login store, which every run with access to the org on this machine shares. */
  readonly home: string;
  /** How long to wait for another run's lock, in milliseconds. */
  readonly timeout: number;
  /** Called once if another run holds the lock. */
  readonly onWait: (why: string) => void;
}

const BACKOFF = { first: 500, max: 500 };

/**
 * Runs `work` while this process holds the lock of an org. The lock excludes other runs of this user on this machine. Throws
 * `org-busy` if another run still holds it after the timeout. The lock of a process that no longer exists is removed. `waited`
 * tells whether another run held the lock before: it can have changed the org.
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
  let waited = false;
  const attempt = (): Promise<LockHolder | undefined> => {
    const current = tryAcquire(file, token);
    if (current && !waited)
      options.onWait(`for another run (process ${current.pid} on ${current.host}, since ${current.since})`);
    waited ||= current !== undefined;
    return Promise.resolve(current);
  };
  const holder = await poll(attempt, (current) => !current, options.timeout, BACKOFF);
  if (holder) throw lockedError(options.alias, holder, file);
  return { token, waited };
}

/** Acquires the lock, or returns its holder. The lock file appears complete or not at all. */
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
  // Whether the process of another machine exists can't be checked.
  if (current && (current.host !== hostname() || isAlive(current))) return current;
  breakStaleLock(file, current);
  return tryAcquire(file, token);
}

/** Removes a stale lock. If another run has acquired the lock in the meantime, it is restored. */
function breakStaleLock(file: string, stale: LockHolder | undefined): void {
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory() === true) throw lockFolderError(file);
  const aside = `${file}.${randomBytes(8).toString('hex')}`;
  try {
    renameSync(file, aside);
    if (readHolder(aside)?.token !== stale?.token) linkSync(aside, file);
    unlinkSync(aside);
  } catch (thrown) {
    if (!['ENOENT', 'EEXIST'].includes((thrown as NodeJS.ErrnoException).code ?? '')) throw thrown;
  }
}

const createHolder = (token: string): LockHolder => ({ ...currentProcess(), since: new Date().toISOString(), token });

export const currentProcess = (): ProcessIdentity => ({
  pid: process.pid,
  started: (ownStart ??= processStart(process.pid)),
  host: hostname(),
});

/** The start time of this process, after it was read first. */
let ownStart: string | undefined;

/** Whether another process of this machine exists. */
export const isOtherProcess = (identity: ProcessIdentity): boolean =>
  identity.host === hostname() && identity.pid !== process.pid && isAlive(identity);

function readHolder(file: string): LockHolder | undefined {
  try {
    return holderSchema.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data;
  } catch {
    return undefined;
  }
}

/** Whether a process of this machine exists. */
function isAlive({ pid, started }: ProcessIdentity): boolean {
  try {
    process.kill(pid, 0);
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM';
  }
  return started === processStart(pid) && !isZombie(pid);
}

/** Whether a process ended and its parent didn't read its status, as after a kill in a container. (Linux: proc(5), field 3 of stat) */
const isZombie = (pid: number): boolean => ['Z', 'X'].includes(processStat(pid)[0] ?? '');

/** The start time of a process in clock ticks since boot; empty if the system doesn't provide it. (Linux: proc(5), field 22 of stat) */
const processStart = (pid: number): string => processStat(pid)[19] ?? '';

/** The fields of a process from the third one; none if the system doesn't provide them. */
function processStat(pid: number): readonly string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}

const lockFolderError = (file: string): ToolError =>
  new ToolError('file-system', {
    what: `The lock file ${file} is a folder. Nothing was deployed to the org.`,
    why: 'Only a file can be a lock.',
    fix: 'Delete the folder, then run the command again.',
  });

const lockedError = (alias: string, { pid, host, since }: LockHolder, file: string): ToolError =>
  new ToolError('org-busy', {
    what: `"${alias}" is locked by process ${pid} on ${host}. Nothing was deployed to it.`,
    why: `The process has held the lock since ${since.slice(0, 16).replace('T', ' ')} UTC.`,
    fix: `Wait until the other run is done, then run the command again. If that process no longer exists, delete ${file}.`,
  });

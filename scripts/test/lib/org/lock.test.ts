import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { afterEach, beforeEach, test } from 'node:test';
import { withLock, type LockOptions } from '../../../lib/org';
import { onVirtualTime } from '../virtual-time';

interface Holder {
  readonly pid: number;
  readonly started: string;
  readonly host: string;
  readonly since: string;
  readonly token: string;
}

let home: string;
let waits: string[];
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'lock-'));
  waits = [];
});
afterEach(() => rmSync(home, { recursive: true }));

const lockFile = (): string => join(home, '.sf/user-verification/00D000000000001.lock');
const readLock = (): Holder => JSON.parse(readFileSync(lockFile(), 'utf8')) as Holder;
const options = (rest: Partial<LockOptions> = {}): LockOptions => ({
  alias: 'dev',
  orgId: '00D000000000001EAA',
  home,
  timeout: 0,
  onWait: (why) => waits.push(why),
  ...rest,
});

/** This process as the holder of the lock, with the start time that the lock file records. */
async function thisProcess(): Promise<Holder> {
  return withLock(options(), () => Promise.resolve(readLock()));
}

function writeLock(text: string): void {
  mkdirSync(dirname(lockFile()), { recursive: true });
  writeFileSync(lockFile(), text);
}

const writeHolder = (holder: Holder): void => writeLock(JSON.stringify(holder));

/** The ID of a process that has exited. */
const exitedPid = (): number => spawnSync(process.execPath, ['-e', '']).pid;

test('holds the lock while the work runs, and releases it after', async () => {
  const result = await withLock(options(), (waited) => {
    const { pid, host } = readLock();
    assert.deepEqual([pid, host, waited], [process.pid, hostname(), false]);
    assert.equal(statSync(lockFile()).mode & 0o777, 0o600);
    return Promise.resolve('done');
  });
  assert.equal(result, 'done');
  assert.deepEqual(readdirSync(dirname(lockFile())), []);
});

test('releases the lock if the work fails', async () => {
  await assert.rejects(
    withLock(options(), () => Promise.reject(new Error('the work failed'))),
    { message: 'the work failed' },
  );
  assert.equal(existsSync(lockFile()), false);
});

test('locks each org separately, and the same org for its 15 and 18 character IDs', async () => {
  await withLock(options(), () => withLock(options({ orgId: '00D000000000002EAA' }), () => Promise.resolve()));
  await assert.rejects(
    withLock(options(), () => withLock(options({ orgId: '00D000000000001' }), () => Promise.resolve())),
    { code: 'org-busy' },
  );
});

test('throws org-busy with the holder if the lock is held after the timeout', async () => {
  writeHolder({ ...(await thisProcess()), since: '2026-11-22T21:43:48.921Z' });
  const { elapsed } = await onVirtualTime(() =>
    assert.rejects(
      withLock(options({ timeout: 2_000 }), () => assert.fail()),
      {
        code: 'org-busy',
        what: `"dev" is locked by process ${process.pid} on ${hostname()}. Nothing was deployed to it.`,
        why: 'The process has held the lock since 2026-11-22 21:43 UTC.',
      },
    ),
  );
  assert.equal(elapsed, 2_000);
  assert.deepEqual(waits, [
    `for another run (process ${process.pid} on ${hostname()}, since 2026-11-22T21:43:48.921Z)`,
  ]);
  assert.equal(existsSync(lockFile()), true);
});

test('tells the work that it waited for another run', async () => {
  writeHolder(await thisProcess());
  const { result } = await onVirtualTime(() => {
    setTimeout(() => rmSync(lockFile()), 1_200);
    return withLock(options({ timeout: 60_000 }), (waited) => Promise.resolve(waited));
  });
  assert.equal(result, true);
  assert.equal(waits.length, 1);
});

test('removes the lock of a process that no longer exists', async () => {
  writeHolder({ ...(await thisProcess()), pid: exitedPid() });
  assert.equal(await withLock(options(), (waited) => Promise.resolve(waited)), false);
});

test('removes the lock of a process whose ID was reused', { skip: process.platform !== 'linux' }, async () => {
  writeHolder({ ...(await thisProcess()), started: '1' });
  assert.equal(await withLock(options(), () => Promise.resolve('done')), 'done');
});

test('keeps the lock of a process on another machine, even with an unknown process ID', async () => {
  writeHolder({ ...(await thisProcess()), host: 'another-machine', pid: exitedPid() });
  await assert.rejects(
    withLock(options(), () => assert.fail()),
    { code: 'org-busy', what: /on another-machine/, fix: new RegExp(`delete ${lockFile()}`) },
  );
  // The file that the fix names is the lock.
  rmSync(lockFile());
  assert.equal(await withLock(options(), () => Promise.resolve('done')), 'done');
});

test('removes a lock file without a holder', async () => {
  for (const text of ['', '{}', 'no JSON', '{"pid":1}']) {
    writeLock(text);
    assert.equal(await withLock(options(), () => Promise.resolve('done')), 'done');
  }
  assert.deepEqual(readdirSync(dirname(lockFile())), []);
});

test('does not remove a lock that another run acquired in the meantime', async () => {
  const holder = await thisProcess();
  await withLock(options(), () => {
    rmSync(lockFile());
    writeHolder({ ...holder, token: 'another' });
    return Promise.resolve();
  });
  assert.equal(readLock().token, 'another');
});

test('gives the lock to one of several concurrent runs at a time', async () => {
  let running = 0;
  const work = async (): Promise<number> => {
    const concurrent = ++running;
    await new Promise((resolve) => setTimeout(resolve, 100));
    running--;
    return concurrent;
  };
  const runs = () => Promise.all([1, 2, 3].map(() => withLock(options({ timeout: 60_000 }), work)));
  assert.deepEqual((await onVirtualTime(runs)).result, [1, 1, 1]);
});

test('passes on an error of the file system', async () => {
  writeFileSync(join(home, '.sf'), '');
  await assert.rejects(
    withLock(options(), () => assert.fail()),
    { code: 'ENOTDIR' },
  );
});

test('a lock that is a folder is an error, and the folder stays', async () => {
  mkdirSync(join(lockFile(), 'content'), { recursive: true });
  await assert.rejects(
    withLock(options(), () => assert.fail('worked without a lock')),
    { code: 'file-system', fix: 'Delete the folder, then run the command again.' },
  );
  assert.deepEqual(readdirSync(dirname(lockFile())), ['00D000000000001.lock']);
  assert.ok(existsSync(join(lockFile(), 'content')));
});

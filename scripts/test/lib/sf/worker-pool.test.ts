import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { ToolError } from '../../../lib/errors';
import { CliWorkerPool, Sf } from '../../../lib/sf';

const LIMIT = 60_000;
const QUERY = ['--query', 'SELECT Id FROM User', '--target-org', 'nobody', '--json'];

let home: string;
let pool: CliWorkerPool;
before(() => {
  home = mkdtempSync(join(tmpdir(), 'home-'));
  pool = new CliWorkerPool({ size: 1, home });
});
after(async () => {
  await pool.stop();
  rmSync(home, { recursive: true, force: true });
});

/** The processes of a pool: what a pool hides on purpose, and only a test has to harm. */
function processesOf(each: CliWorkerPool): readonly ChildProcess[] {
  const hosts = Reflect.get(each, 'workers') as readonly object[];
  return hosts.map((host) => Reflect.get(host, 'child') as ChildProcess);
}

const isAlive = (pid: number | undefined): boolean => {
  try {
    return pid !== undefined && process.kill(pid, 0);
  } catch {
    return false;
  }
};

const query = (): ReturnType<CliWorkerPool['run']> => pool.run('limited', 'data:query', QUERY, LIMIT);
const isCode = (code: string) => (error: unknown) => error instanceof ToolError && error.code === code;

test('several commands run in one warm host, and the error of one is its answer', async () => {
  const answers = await Promise.all([query(), query(), query()]);
  for (const { error } of answers) assert.match(error?.name ?? '', /NamedOrgNotFound/);
  const [child, ...others] = processesOf(pool);
  assert.equal(others.length, 0);
  assert.ok(isAlive(child?.pid));
});

test('the CLI looks for logins in the home that is named, and nothing but its result reaches us', async () => {
  const { result, error } = await pool.run('limited', 'org:list:auth', ['--json'], LIMIT);
  assert.deepEqual([result, error], [[], undefined]);
  assert.deepEqual([...(await new Sf(pool, '67.0').logins())], []);
});

test('a command that the CLI does not know is an answer, too', async () => {
  const { result, error } = await pool.run('limited', 'no:such:command', [], LIMIT);
  assert.equal(result, undefined);
  assert.match(error?.message ?? '', /list of available commands/);
});

test('a host killed in the middle is told for each of its commands, and the next runs in a fresh one', async () => {
  const [child] = processesOf(pool);
  child?.kill('SIGSTOP');
  const underWay = [query(), query(), pool.run('unbounded', 'org:list:auth', ['--json'], LIMIT)];
  const ends = Promise.all(underWay.map((each) => assert.rejects(each, isCode('cli-crashed'))));
  child?.kill('SIGKILL');
  await ends;
  assert.match((await query()).error?.name ?? '', /NamedOrgNotFound/);
  const [fresh, ...others] = processesOf(pool);
  assert.equal(others.length, 0);
  assert.notEqual(fresh?.pid, child?.pid);
});

test('an answer that does not come in time is given up, and the host serves the next command', async () => {
  const [child] = processesOf(pool);
  child?.kill('SIGSTOP');
  const before = Array.from({ length: 6 }, query);
  const late = pool.run('exclusive', 'data:query', QUERY, 1);
  const later = pool.run('unbounded', 'data:query', QUERY, 1);
  await Promise.all([assert.rejects(late, isCode('org-unreachable')), assert.rejects(later, /within 0\.001 seconds/)]);
  child?.kill('SIGCONT');
  await Promise.all(before);
  assert.match((await query()).error?.name ?? '', /NamedOrgNotFound/);
});

test('a host that has grown too large gets nothing new to do, and its successor serves the next command', async () => {
  const own = new CliWorkerPool({ size: 1, home, maxMemory: 1 });
  const ask = (): ReturnType<CliWorkerPool['run']> => own.run('limited', 'data:query', QUERY, LIMIT);
  try {
    await Promise.all([ask(), ask()]);
    const [worn] = processesOf(own);
    assert.match((await ask()).error?.name ?? '', /NamedOrgNotFound/);
    const [fresh, ...others] = processesOf(own);
    assert.equal(others.length, 0);
    assert.notEqual(fresh?.pid, worn?.pid);
  } finally {
    await own.stop();
  }
});

test('a failure of the CLI is told in our own terms', async () => {
  await assert.rejects(new Sf(pool, '67.0').query('nobody', 'SELECT Id FROM User'), isCode('login-missing'));
});

test('a stopped pool leaves no process and no files, and what was under way is told', async () => {
  const own = new CliWorkerPool({ size: 2, home });
  const folder = own.createFolder();
  assert.notEqual(own.createFolder(), folder);
  const children = processesOf(own);
  const underWay = assert.rejects(own.run('limited', 'data:query', QUERY, LIMIT), isCode('cli-crashed'));
  await own.stop();
  await underWay;
  assert.deepEqual(
    children.map(({ pid }) => isAlive(pid)),
    [false, false],
  );
  assert.equal(existsSync(dirname(folder)), false);
});

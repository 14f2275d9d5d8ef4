import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { ToolError } from '../../../lib/errors';
import { CliWorkerPool, Sf } from '../../../lib/sf';
import type { ReadLogin } from '../../../lib/sf/protocol';
import { cliSettings } from './cli-definitions';

const LIMIT = 60_000;
const READ_LOGIN = 'worker:login' satisfies ReadLogin;
const QUERY = ['--query', 'SELECT Id FROM User', '--target-org', 'nobody', '--json'];

let home: string;
let pool: CliWorkerPool;
before(async () => {
  home = mkdtempSync(join(tmpdir(), 'home-'));
  await writeUserConfig();
  writeUserPlugin();
  pool = new CliWorkerPool({ size: 1, home });
});

/** Writes a value for each setting that the CLI defines, in both forms that it reads. */
async function writeUserConfig(): Promise<void> {
  const keys = (await cliSettings()).map(({ key, newKey = key }) => ({ key, newKey }));
  const valuesOf = (names: readonly string[]): string =>
    JSON.stringify(Object.fromEntries(names.map((name) => [name, 'of the user'])));
  writeHomeFile('.sf/config.json', valuesOf(keys.map(({ newKey }) => newKey)));
  writeHomeFile('.sfdx/sfdx-config.json', valuesOf(keys.map(({ key }) => key)));
}

/** Installs a plugin as `sf plugins link` does. Its hook writes a file before each command. */
function writeUserPlugin(): void {
  const root = join(home, 'plugin');
  const oclif = { commands: './commands', hooks: { prerun: './hook' } };
  writeHomeFile('plugin/package.json', JSON.stringify({ name: 'user-plugin', version: '1.0.0', oclif }));
  writeHomeFile('plugin/hook.js', "module.exports = () => require('fs').writeFileSync(__dirname + '/ran', '');");
  writeHomeFile('plugin/commands/none.js', '');
  const plugins = [{ name: 'user-plugin', root, type: 'link' }];
  writeHomeFile(
    '.local/share/sf/package.json',
    JSON.stringify({ private: true, oclif: { plugins }, dependencies: {} }),
  );
}

function writeHomeFile(path: string, text: string): void {
  mkdirSync(dirname(join(home, path)), { recursive: true });
  writeFileSync(join(home, path), text);
}
after(async () => {
  await pool.stop();
  rmSync(home, { recursive: true, force: true });
});

/** The processes of a pool, which are private: only a test needs to stop them. */
function processesOf(each: CliWorkerPool): readonly ChildProcess[] {
  const workers = Reflect.get(each, 'workers') as readonly object[];
  return workers.map((worker) => Reflect.get(worker, 'child') as ChildProcess);
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

test('runs several commands in one worker and returns the error of each', async () => {
  const responses = await Promise.all([query(), query(), query()]);
  for (const { error } of responses) assert.match(error?.name ?? '', /NamedOrgNotFound/);
  const [child, ...others] = processesOf(pool);
  assert.equal(others.length, 0);
  assert.ok(isAlive(child?.pid));
});

test('reads no setting of `sf config` from a file', async () => {
  const { result, error } = await pool.run('limited', 'config:list', ['--json'], LIMIT);
  const settings = result as readonly { readonly key: string; readonly location: string }[];
  assert.equal(error, undefined);
  assert.deepEqual(settings.map(({ key, location }) => `${key}: ${location}`).sort(), [
    'disable-telemetry: Environment',
    'org-max-query-limit: Environment',
  ]);
});

test('runs no plugin of the user', async () => {
  await pool.run('limited', 'config:list', ['--json'], LIMIT);
  assert.equal(existsSync(join(home, 'plugin/ran')), false);
});

test('reads the logins of the given home folder and returns only the result', async () => {
  const { result, error } = await pool.run('limited', 'org:list:auth', ['--json'], LIMIT);
  assert.deepEqual([result, error], [[], undefined]);
  await assert.rejects(new Sf(pool, '67.0').loginOf('dev'), isCode('login-missing'));
});

test('reads an alias from disk each time, and its login without secrets', async () => {
  const orgs = { 'a@example.com': 'https://a.my.salesforce.com', 'b@example.com': 'https://b.my.salesforce.com' };
  const store = join(home, '.sfdx');
  for (const [username, instanceUrl] of Object.entries(orgs))
    writeFileSync(join(store, `${username}.json`), JSON.stringify({ username, instanceUrl, accessToken: 'secret' }));
  for (const [username, instanceUrl] of Object.entries(orgs)) {
    writeFileSync(join(store, 'alias.json'), JSON.stringify({ orgs: { dev: username } }));
    const { result } = await pool.run('limited', READ_LOGIN, ['dev'], LIMIT);
    assert.deepEqual(result, { username, instanceUrl });
    assert.deepEqual((await pool.run('limited', READ_LOGIN, [username], LIMIT)).result, result);
  }
});

test('reads a login again while another process writes its files', async () => {
  const login = { username: 'c@example.com', instanceUrl: 'https://c.my.salesforce.com' };
  const files = { 'c@example.com.json': JSON.stringify(login), 'alias.json': '{"orgs":{"dev":"c@example.com"}}' };
  for (const [name, text] of Object.entries(files)) {
    for (const [each, whole] of Object.entries(files)) writeHomeFile(`.sfdx/${each}`, whole);
    writeHomeFile(`.sfdx/${name}`, text.slice(0, 12));
    const read = pool.run('limited', READ_LOGIN, ['dev'], LIMIT);
    await new Promise((resolve) => setTimeout(resolve, 200));
    writeHomeFile(`.sfdx/${name}`, text);
    assert.deepEqual((await read).result, login, name);
  }
});

test('names the reason why a login cannot be used, which the CLI reports as a missing login', async () => {
  const store = join(home, '.sfdx');
  const file = join(store, 'd@example.com.json');
  const failure = async (): Promise<string> =>
    (await pool.run('limited', READ_LOGIN, ['d@example.com'], LIMIT)).error?.message ?? '';
  mkdirSync(file);
  assert.match(await failure(), /^EISDIR: /);
  rmdirSync(file);
  assert.match(await failure(), /^No authorization information found/);
  // For root, no folder is read-only.
  if (process.getuid?.() === 0) return;
  writeFileSync(file, JSON.stringify({ username: 'd@example.com', instanceUrl: 'https://d.my.salesforce.com' }));
  chmodSync(store, 0o500);
  try {
    assert.match(await failure(), /^EACCES: permission denied, access '.*\.sfdx'$/);
  } finally {
    chmodSync(store, 0o700);
  }
});

test('returns the error of an unknown command', async () => {
  const { result, error } = await pool.run('limited', 'no:such:command', [], LIMIT);
  assert.equal(result, undefined);
  assert.match(error?.message ?? '', /command no:such:command not found/);
});

test('rejects each running command of a killed worker and runs the next one in a new worker', async () => {
  const [child] = processesOf(pool);
  child?.kill('SIGSTOP');
  const running = [query(), query(), pool.run('unbounded', 'org:list:auth', ['--json'], LIMIT)];
  const ends = Promise.all(running.map((each) => assert.rejects(each, isCode('cli-crashed'))));
  child?.kill('SIGKILL');
  await ends;
  assert.match((await query()).error?.name ?? '', /NamedOrgNotFound/);
  const [fresh, ...others] = processesOf(pool);
  assert.equal(others.length, 0);
  assert.notEqual(fresh?.pid, child?.pid);
});

test('rejects a command after its timeout and runs the next one in the same worker', async () => {
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

test('replaces a worker above its memory limit', async () => {
  const own = new CliWorkerPool({ size: 1, home, maxMemory: 1 });
  const ask = (): ReturnType<CliWorkerPool['run']> => own.run('limited', 'data:query', QUERY, LIMIT);
  try {
    await Promise.all([ask(), ask()]);
    const [retired] = processesOf(own);
    assert.match((await ask()).error?.name ?? '', /NamedOrgNotFound/);
    const [fresh, ...others] = processesOf(own);
    assert.equal(others.length, 0);
    assert.notEqual(fresh?.pid, retired?.pid);
  } finally {
    await own.stop();
  }
});

test('converts the error of a missing login', async () => {
  await assert.rejects(new Sf(pool, '67.0').query('nobody', 'SELECT Id FROM User'), isCode('login-missing'));
});

test('names the folder for temporary files if it cannot be used, and starts no worker', () => {
  const { TMPDIR } = process.env;
  const folder = join(home, 'no-folder');
  process.env['TMPDIR'] = folder;
  try {
    assert.throws(
      () => new CliWorkerPool({ home, startWorker: () => assert.fail('a worker') }),
      (thrown) => thrown instanceof ToolError && thrown.what.includes(folder) && thrown.fix.startsWith('Set TMPDIR'),
    );
  } finally {
    if (TMPDIR === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = TMPDIR;
  }
});

test('leaves no process and no file after it stops, and rejects the running commands', async () => {
  const own = new CliWorkerPool({ size: 2, home });
  const folder = own.createFolder();
  assert.notEqual(own.createFolder(), folder);
  const children = processesOf(own);
  const running = assert.rejects(own.run('limited', 'data:query', QUERY, LIMIT), isCode('cli-crashed'));
  await new Promise((resolve) => setImmediate(resolve));
  await own.stop();
  await running;
  assert.deepEqual(
    children.map(({ pid }) => isAlive(pid)),
    [false, false],
  );
  assert.equal(existsSync(dirname(folder)), false);
});

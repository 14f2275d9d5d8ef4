/** Packs this project, installs it in another Salesforce DX project, and runs its commands there. */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { COMMANDS } from '../../command-list';
import { PROJECT } from '../gates/list-files';

const NAME = 'enhanced-chat-user-verification';
const folder = mkdtempSync(join(tmpdir(), 'package-'));
const app = join(folder, 'app');
const installed = join(app, 'node_modules', NAME);
const bin = join(installed, 'scripts/chat-verification.cjs');

/** Only this project's own npm is used, and a home without logins. */
const env = { PATH: process.env['PATH'], HOME: folder, SF_USE_GENERIC_UNIX_KEYCHAIN: 'true' };

/** Installs the package without a registry: its files come from the archive, and its dependencies are links. */
before(() => {
  const options = { cwd: PROJECT, env: { ...env, npm_config_cache: folder }, encoding: 'utf8' } as const;
  execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], options);
  mkdirSync(installed, { recursive: true });
  const archive = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? assert.fail('npm wrote no archive');
  execFileSync('tar', ['-xzf', join(folder, archive), '-C', installed, '--strip-components=1']);
  for (const dependency of readdirSync(join(PROJECT, 'node_modules')).filter((name) => !name.startsWith('.')))
    symlinkSync(join(PROJECT, 'node_modules', dependency), join(app, 'node_modules', dependency));
  for (const part of ['force-app', 'member-site', 'sfdx-project.json'])
    cpSync(join(PROJECT, part), join(app, part), { recursive: true });
  mkdirSync(join(app, 'config/orgs'), { recursive: true });
  cpSync(join(PROJECT, 'config/orgs/dev.json'), join(app, 'config/orgs/dev.json'));
});

after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

/** Runs a command of the package in the other project, and returns its JSON document. */
function run(...argv: readonly string[]): { readonly exitCode: number } & Record<string, unknown> {
  try {
    const out = execFileSync(process.execPath, [bin, ...argv, '--json'], {
      cwd: app,
      env,
      encoding: 'utf8',
      stdio: 'pipe',
    });
    return JSON.parse(out) as { exitCode: number };
  } catch (thrown) {
    return JSON.parse((thrown as { readonly stdout: string }).stdout) as { exitCode: number };
  }
}

test('the package has no tests, and everything that its commands load', () => {
  assert.ok(!readdirSync(join(installed, 'scripts')).includes('test'));
  assert.equal(run('check').exitCode, 0);
});

test('the package loads every command, and lists them in its help', () => {
  const help = execFileSync(process.execPath, [bin, 'help'], { cwd: app, env, encoding: 'utf8' });
  for (const name of Object.values(COMMANDS).flat()) assert.match(help, new RegExp(`^ +${name} `, 'm'));
});

/** The document of a command about orgs. */
interface OrgsDocument {
  readonly exitCode: number;
  readonly orgs: readonly { readonly alias: string; readonly status: string; readonly changes: readonly unknown[] }[];
}

/** Plans one org, which has changes. */
function assertPlanned(alias: string): void {
  const { exitCode, orgs } = run('plan', '--org', alias) as unknown as OrgsDocument;
  assert.deepEqual([exitCode, orgs.map((org) => [org.alias, org.status])], [2, [[alias, 'planned']]]);
  assert.ok((orgs[0]?.changes.length ?? 0) > 5);
}

test('an installed package sets up and plans local orgs of its own with the Salesforce CLI', async () => {
  const orgs = ['--org', 'dev', '--org', 'mysandbox', '--state', join(folder, 'state')];
  const localOrg = spawn(process.execPath, [bin, 'local-org', ...orgs], {
    cwd: app,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    for await (const text of localOrg.stdout.setEncoding('utf8')) if (String(text).includes('To stop the orgs')) break;
    assertPlanned('dev');
    const key = ['--issuer', 'https://id.example.com', '--private-key', '../chat.pem'];
    const setup = run('setup', '--org', 'mysandbox', ...key, '--channel', 'Web_Chat', '--yes');
    assert.deepEqual([setup.exitCode, setup['written']], [0, true]);
    assert.deepEqual(readdirSync(join(app, 'config/orgs')), ['mysandbox.json']);
    assert.ok(existsSync(join(folder, 'chat.pem')), 'the private key is outside of the project');
    assertPlanned('mysandbox');
  } finally {
    localOrg.kill('SIGINT');
    await once(localOrg, 'exit');
  }
});

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Context } from '../../../lib/cli';
import { runLogin, type LoginFlags } from '../../../lib/pipeline/login';
import { waveOutputs } from '../../../lib/pipeline/job-matrix';
import type { OrgConfig } from '../../../lib/model';
import type { CliWorkerPool } from '../../../lib/sf';

const folder = mkdtempSync(join(tmpdir(), 'login-'));
const keyFile = join(folder, 'jwt.key');
const KEY = ['-----BEGIN ', 'PRIVATE KEY-----\nx\n-----END ', 'PRIVATE KEY-----'].join('');
const LOGINS = ['dev', 'uat', 'prod'].map((alias) => ({
  ...{ alias, username: `${alias}@example.com`, clientId: 'id', instanceUrl: 'https://login.example.com' },
}));

before(() => {
  mkdirSync(join(folder, 'config/orgs'), { recursive: true });
  for (const [index, { alias }] of LOGINS.entries())
    writeFileSync(
      join(folder, `config/orgs/${alias}.json`),
      JSON.stringify({ orgId: '00D000000000001EAA', kind: 'sandbox', wave: index + 1, channels: ['Web_Chat'] }),
    );
});
after(() => rmSync(folder, { recursive: true }));

/** Runs the command with a CLI that accepts every login. Returns the aliases that were logged in. */
async function login(
  flags: { org?: readonly string[]; wave?: number } = {},
  logins: unknown = LOGINS,
): Promise<string[]> {
  const aliases: string[] = [];
  const pool = {
    run: (_lane: string, _command: string, argv: readonly string[]) => {
      aliases.push(argv[argv.indexOf('--alias') + 1] ?? '');
      return Promise.resolve({ id: 1, result: {} });
    },
  } as unknown as CliWorkerPool;
  const context = {
    flags: { org: [], project: folder, json: false, keyFile, ...flags },
    print: () => undefined,
    printJson: () => undefined,
  };
  const environment = { SF_LOGINS: JSON.stringify(logins), SF_JWT_KEY: KEY };
  await runLogin(context as unknown as Context<LoginFlags>, pool, environment);
  return aliases;
}

test('logs in to the selected orgs only', async () => {
  assert.deepEqual(await login(), ['dev', 'uat', 'prod']);
  assert.deepEqual(await login({ wave: 2 }), ['uat']);
  assert.deepEqual(await login({ org: ['prod', 'dev'] }), ['dev', 'prod']);
  assert.deepEqual(await login({ org: ['dev'], wave: 2 }), []);
});

test('writes the private key to a file that only the user can read', async () => {
  writeFileSync(keyFile, 'old', { mode: 0o644 });
  await login();
  assert.equal(readFileSync(keyFile, 'utf8'), `${KEY}\n`);
  assert.equal(statSync(keyFile).mode & 0o777, 0o600);
});

test('rejects a selected org without a login, an unknown org, and invalid logins', async () => {
  await assert.rejects(login({}, LOGINS.slice(0, 2)), { code: 'bad-login', exit: 3, what: /no login for prod/ });
  assert.deepEqual(await login({ org: ['dev'] }, LOGINS.slice(0, 1)), ['dev']);
  await assert.rejects(login({ org: ['nowhere'] }), { code: 'bad-login', what: /nowhere/ });
  await assert.rejects(login({}, [{ alias: 'dev' }]), { code: 'bad-login' });
  await assert.rejects(
    login(
      {},
      LOGINS.map((each) => ({ ...each, instanceUrl: 'ftp://x' })),
    ),
    { code: 'bad-login' },
  );
});

test('the jobs of a pipeline cover every wave, and an org in a later wave is an error', () => {
  const org = (alias: string, wave: number): OrgConfig => ({ alias, wave }) as OrgConfig;
  const orgs = [org('c', 10), org('a', 2), org('b', 2)];
  assert.throws(() => waveOutputs(orgs, 1, 9), { code: 'invalid-flag', what: /^c / });
  const lines = waveOutputs(orgs, 1, 10).split('\n');
  assert.equal(lines.length, 10);
  assert.equal(lines[0], 'wave_1={"include":[]}');
  assert.equal(
    lines[1],
    'wave_2={"include":[{"name":"wave-2-job-1","wave":2,"args":"--org a"},{"name":"wave-2-job-2","wave":2,"args":"--org b"}]}',
  );
  assert.match(waveOutputs(orgs, 2, 10), /"args":"--org a --org b"/);
});

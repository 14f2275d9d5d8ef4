import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Context } from '../../../lib/cli';
import { asToolError } from '../../../lib/errors';
import { runLogin, type LoginFlags } from '../../../lib/pipeline/login';
import { waveOutputs } from '../../../lib/pipeline/job-matrix';
import type { OrgConfig } from '../../../lib/model';
import type { CliWorkerPool } from '../../../lib/sf';
import { keyPair } from '../jwk/test-keys';

const folder = mkdtempSync(join(tmpdir(), 'login-'));
const keyFile = join(folder, 'jwt.key');
const KEY = keyPair().privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const LOGINS = ['dev', 'uat', 'prod'].map((alias) => ({
  alias,
  username: `${alias}@example.com`,
  clientId: 'id',
  instanceUrl: 'https://login.example.com',
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

interface LoginRun {
  readonly exit: number;
  /** The aliases that the command tried to log in to. */
  readonly tried: readonly string[];
  readonly printed: string;
  readonly logged: string;
  readonly document: Readonly<Record<string, unknown>>;
}

interface LoginOptions {
  readonly org?: readonly string[];
  readonly wave?: number;
  readonly debug?: boolean;
  readonly logins?: unknown;
  readonly key?: string;
  /** What Salesforce says about the login of an alias. */
  readonly rejections?: Readonly<Record<string, string>>;
}

/** Runs the command with a CLI that accepts every login that isn't rejected. */
async function runWith({ logins = LOGINS, key = KEY, rejections = {}, ...flags }: LoginOptions): Promise<LoginRun> {
  const [tried, printed, logged] = [new Array<string>(), new Array<string>(), new Array<string>()];
  let document = '{}';
  const pool = {
    run: (_lane: string, _command: string, argv: readonly string[]) => {
      const alias = argv[argv.indexOf('--alias') + 1] ?? '';
      tried.push(alias);
      const reason = rejections[alias];
      return Promise.resolve(reason === undefined ? { id: 1, result: {} } : { id: 1, error: jwtError(reason) });
    },
  } as unknown as CliWorkerPool;
  const context = {
    flags: { org: [], project: folder, json: false, keyFile, ...flags },
    layout: { columns: 500, color: false },
    print: (text: string) => void printed.push(text),
    log: (text: string) => void logged.push(text),
    printJson: (text: string) => void (document = text),
  };
  const environment = { SF_LOGINS: JSON.stringify(logins), SF_JWT_KEY: key };
  const exit = await runLogin(context as unknown as Context<LoginFlags>, pool, environment);
  const [all, log] = [printed.join('\n'), logged.join('\n')];
  return { exit, tried, printed: all, logged: log, document: JSON.parse(document) as LoginRun['document'] };
}

/** The error of `sf org login jwt`, which lists the text of each login host. */
const jwtError = (reason: string): object => ({
  name: 'JwtGrantError',
  cause: '',
  data: null,
  message: `JwtAuthError::Error authenticating with JWT.\nErrors encountered:\n${reason}\naudience is invalid  [audience=https://login.salesforce.com/ login=https://x]\nfetch failed`,
});

/** The aliases that the command logs in to. */
const login = async (options: LoginOptions = {}): Promise<readonly string[]> => (await runWith(options)).tried;

test('logs in to the selected orgs only', async () => {
  assert.deepEqual(await login(), ['dev', 'uat', 'prod']);
  assert.deepEqual(await login({ wave: 2 }), ['uat']);
  assert.deepEqual(await login({ org: ['prod', 'dev'] }), ['dev', 'prod']);
  assert.deepEqual(await login({ org: ['dev'], wave: 2 }), []);
});

test('writes the private key to a file that only the user can read', async () => {
  writeFileSync(keyFile, 'old', { mode: 0o644 });
  await login();
  assert.equal(readFileSync(keyFile, 'utf8'), KEY);
  assert.equal(statSync(keyFile).mode & 0o777, 0o600);
});

test('rejects a selected org without a login, an unknown org, and invalid logins', async () => {
  await assert.rejects(login({ logins: LOGINS.slice(0, 2) }), {
    code: 'bad-login',
    exit: 3,
    what: /no login for prod/,
  });
  assert.deepEqual(await login({ org: ['dev'], logins: LOGINS.slice(0, 1) }), ['dev']);
  await assert.rejects(login({ org: ['nowhere'] }), { code: 'bad-login', what: /nowhere/ });
  await assert.rejects(login({ logins: [{ alias: 'dev' }] }), { code: 'bad-login' });
  await assert.rejects(login({ logins: LOGINS.map((each) => ({ ...each, instanceUrl: 'ftp://x' })) }), {
    code: 'bad-login',
  });
});

const pkcs1 = keyPair().privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
const ecKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' });
const protectedKey = keyPair()
  .privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' })
  .toString();

describe('an unusable key ends with exit 3 before any org is contacted', () => {
  for (const [name, key, why] of [
    ['escaped line breaks', KEY.replaceAll('\n', '\\n'), /two characters \\n/],
    ['escaped Windows line breaks', KEY.replaceAll('\n', '\\r\\n'), /two characters \\n/],
    ['one line', KEY.replaceAll('\n', ''), /on one line/],
    ['spaces for its line breaks', KEY.trim().replaceAll('\n', ' '), /spaces in the place/],
    ['quotes', `"${KEY}"`, /quotation marks/],
    ['indentation', KEY.replace(/^/gm, '  '), /indented/],
    ['a passphrase', protectedKey, /passphrase/],
    ['base64 around it', Buffer.from(KEY).toString('base64'), /base64 of a PEM/],
    [
      'a public key',
      keyPair().publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      /public key, but no private/,
    ],
    ['another type', ecKey.toString(), /type ec/],
    ['1024 bits', keyPair('short', 1024).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), /1024 bits/],
    ['its end cut off', KEY.slice(0, 900), /no END line/],
    ['no value', ' ', /isn't set/],
    ['the path of the file', '/home/runner/server.key', /neither PEM nor JSON/],
  ] as const)
    test(name, async () => {
      await assert.rejects(runWith({ key }), (thrown) => {
        const { code, exit, what, why: reason, fix } = asToolError(thrown);
        assert.deepEqual([code, exit], ['bad-login', 3]);
        assert.match(what, /^SF_JWT_KEY doesn't contain/);
        assert.match(reason, why);
        assert.match(fix, /gh secret set SF_JWT_KEY < server\.key/);
        const lines = KEY.split('\n').filter((line) => line.length > 30 && !line.startsWith('-'));
        assert.ok(!lines.some((line) => `${what}${reason}${fix}`.includes(line)), 'the key is repeated');
        return true;
      });
    });
});

test('writes a key in PKCS#1, with CRLF, or as a JWK so that the CLI can read it', async () => {
  const jwk = JSON.stringify(keyPair().privateKey.export({ format: 'jwk' }));
  for (const key of [pkcs1, KEY.replaceAll('\n', '\r\n'), `\n${KEY}\n\n`, jwk]) {
    assert.equal((await runWith({ key })).exit, 0);
    assert.equal(readFileSync(keyFile, 'utf8'), KEY);
  }
});

test('tries every org, prints a line for each, and passes on what Salesforce says and what it means', async () => {
  const rejections = { uat: 'External client app is not installed in this org', prod: 'ip restricted' };
  const { exit, tried, printed, document } = await runWith({ rejections });
  assert.deepEqual([exit, tried], [4, ['dev', 'uat', 'prod']]);
  const text = printed.replace(/\s+/g, ' ');
  for (const part of [
    'Logged in to dev. Error (login-refused): The login "uat" was rejected. Why: Salesforce responded "External client app is not installed in this org". The org has no external client app with this client ID. A refreshed',
    `Error (login-refused): The login "prod" was rejected. Why: Salesforce responded "ip restricted". The address of this machine is outside of the login IP ranges`,
    'Logged in to 1 of 3 orgs. Correct the rejected logins, then run the command again',
  ])
    assert.ok(text.includes(part), text);
  assert.deepEqual([document['exitCode'], document['aliases']], [4, ['dev']]);
  assert.deepEqual(
    (document['failed'] as { alias: string; error: { code: string } }[]).map(({ alias, error }) => [alias, error.code]),
    [
      ['uat', 'login-refused'],
      ['prod', 'login-refused'],
    ],
  );
});

test('prints what the CLI reported only with --debug, and no client ID or token', async () => {
  const token = `00D000000000001!${'AQ'.repeat(30)}`;
  const options = { rejections: { uat: `ip restricted ${token}` }, org: ['uat'] };
  assert.equal((await runWith(options)).logged, '');
  const { logged } = await runWith({ ...options, debug: true });
  assert.match(logged, /^uat: .*uat@example\.com.*JwtGrantError: JwtAuthError::.*audience is invalid/);
  assert.ok(!logged.includes('clientId') && !logged.includes('AQAQAQ'), logged);
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

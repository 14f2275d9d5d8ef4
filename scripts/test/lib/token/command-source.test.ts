import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { constants, generateKeyPairSync, verify } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { splitArgs } from '../../../lib/token/split-args';
import { commandSource } from '../../../lib/token';
import { asToolError } from '../../../lib/errors';
import { waitUntil } from '../../commands/command-process';
import { PROJECT } from '../../gates/list-files';

describe('a command line', () => {
  for (const [line, argv] of [
    ['issue --for me', ['issue', '--for', 'me']],
    [`  'C:\\Program Files\\issue.exe'   "a b" c\\ d `, ['C:\\Program Files\\issue.exe', 'a b', 'c d']],
    [`sh -c "echo \\"$X\\" | tail"`, ['sh', '-c', 'echo "$X" | tail']],
    [`a'b'"c"d ''`, ['abcd', '']],
    ['$(rm -rf) `x` ; a|b > c && d', ['$(rm', '-rf)', '`x`', ';', 'a|b', '>', 'c', '&&', 'd']],
    ['"unended', undefined],
    [`it's`, undefined],
    ['  ', undefined],
  ] as const) {
    test(`${line} is ${JSON.stringify(argv)}`, () => assert.deepEqual(splitArgs(line), argv));
  }

  test('any list of arguments survives quoting', () => {
    const quoted = (text: string): string => `'${text.replaceAll("'", `'"'"'`)}'`;
    const list = fc.array(fc.string(), { minLength: 1 });
    fc.assert(fc.property(list, (argv) => assert.deepEqual(splitArgs(argv.map(quoted).join(' ')), argv)));
  });
});

describe('a command that', () => {
  const spec = { org: 'dev', orgId: '00D', channel: 'Web', subject: 'me', issuer: 'i', now: new Date() };
  for (const [name, line, why] of [
    ['does not exist', 'no-such-program-anywhere', /couldn't be started \(ENOENT\)/],
    ['fails', `"${process.execPath}" -e 'console.log("secret.secret.secret"); process.exit(3)'`, /exit code 3/],
    ['prints nothing', `"${process.execPath}" -e ''`, /isn't one token/],
    ['prints a page', `"${process.execPath}" -e 'console.log("<html> login </html>")'`, /isn't one token/],
    [
      'prints without an end',
      `"${process.execPath}" -e 'setInterval(() => console.log("x".repeat(9999)), 1)'`,
      /more than 16 KB/,
    ],
    ['does not end', `"${process.execPath}" -e 'setInterval(() => 0, 1000)'`, /didn't end within/],
  ] as const) {
    test(`${name} fails with an error that repeats no output`, async () => {
      const source = commandSource(line, name === 'does not end' ? 300 : 20_000);
      const error = await source.getToken(spec).then(() => assert.fail('returned a token'), asToolError);
      assert.equal(error.code, 'command-failed');
      assert.match(error.why, why);
      assert.ok(!`${error.what} ${error.why} ${error.fix}`.includes('secret'));
    });
  }
});

function isRunning(id: number): boolean {
  try {
    return process.kill(id, 0);
  } catch {
    return false;
  }
}

test('a command that still runs when the process exits ends with the process', async () => {
  const command = join(mkdtempSync(join(tmpdir(), 'command-')), 'command.cjs');
  const idFile = `${command}.id`;
  writeFileSync(
    command,
    `require('node:fs').writeFileSync('${idFile}', String(process.pid)); setInterval(() => 0, 1000)`,
  );
  const script = `void require('./scripts/lib/token').commandSource('"${process.execPath}" "${command}"').getToken({});
    setInterval(() => require('node:fs').statSync('${idFile}', { throwIfNoEntry: false })?.size > 0 && process.exit(7), 20);`;
  const { status } = spawnSync(process.execPath, ['-r', './.config/ts-node.cjs', '-e', script], { cwd: PROJECT });
  const id = Number(readFileSync(idFile, 'utf8'));
  rmSync(dirname(command), { recursive: true });
  assert.equal(status, 7);
  await waitUntil('the command ended', () => !isRunning(id));
});

test('a command gets the token request in its environment, without a shell, and its output is trimmed', async () => {
  const jwt = (claims: object): string =>
    [{ alg: 'RS256' }, claims].map((each) => Buffer.from(JSON.stringify(each)).toString('base64url')).join('.') + '.x';
  const script = `const { TOKEN_ORG, TOKEN_ORG_ID, TOKEN_CHANNEL, TOKEN_SUBJECT, TOKEN_ISSUER, TOKEN_KID = 'none', TOKEN_ALG, TOKEN_TO_SIGN } = process.env;
    const claims = { args: process.argv.slice(1), TOKEN_ORG, TOKEN_ORG_ID, TOKEN_CHANNEL, TOKEN_SUBJECT, TOKEN_ISSUER, TOKEN_KID, TOKEN_ALG, TOKEN_TO_SIGN };
    console.error('noise'); console.log('  ' + [{ alg: 'RS256' }, claims].map((each) => Buffer.from(JSON.stringify(each)).toString('base64url')).join('.') + '.x  ')`;
  const source = commandSource(`"${process.execPath}" -e "${script.replaceAll('"', '\\"')}" "$HOME; echo"`);
  const spec = {
    org: 'dev',
    orgId: '00D1',
    channel: 'Web',
    subject: 'someone else',
    issuer: 'https://i',
    now: new Date(),
  };
  const expected = {
    args: ['$HOME; echo'],
    TOKEN_ORG: 'dev',
    TOKEN_ORG_ID: '00D1',
    TOKEN_CHANNEL: 'Web',
    TOKEN_SUBJECT: 'someone else',
    TOKEN_ISSUER: 'https://i',
  };
  assert.equal(await source.getToken(spec), jwt({ ...expected, TOKEN_KID: 'none' }));
  const withKey = { ...spec, kid: 'k', alg: 'RS512', toSign: 'e30.e30' };
  assert.equal(
    await source.getToken(withKey),
    jwt({ ...expected, TOKEN_KID: 'k', TOKEN_ALG: 'RS512', TOKEN_TO_SIGN: 'e30.e30' }),
  );
});

test('a command line that cannot be parsed is an invalid flag', () => {
  for (const line of ['', '  ', `it's`]) {
    assert.throws(
      () => commandSource(line),
      (thrown) => asToolError(thrown).code === 'invalid-flag' && asToolError(thrown).exit === 3,
    );
  }
});

test('an output of 16 KB is read, and one byte more ends the command', async () => {
  const spec = { org: 'dev', orgId: '00D', channel: 'Web', subject: 'me', issuer: 'i', now: new Date() };
  const whyOf = (size: number): Promise<string> =>
    commandSource(`"${process.execPath}" -p '"x".repeat(${size - 1})'`)
      .getToken(spec)
      .then(
        () => assert.fail('returned a token'),
        (thrown: unknown) => asToolError(thrown).why,
      );
  assert.match(await whyOf(16_384), /isn't one token/);
  assert.equal(await whyOf(16_385), 'It printed more than 16 KB.');
});

describe('the token command in the guide', () => {
  const script = /```js\n(\/\/ issue-token\.mjs\n[^]*?)```/.exec(
    readFileSync(join(PROJECT, 'scripts/guides/verify.md'), 'utf8'),
  )?.[1];
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const issue = async (more: {
    readonly alg?: 'RS256' | 'PS256' | 'RS384';
    readonly toSign?: string;
  }): Promise<string> => {
    const folder = mkdtempSync(join(tmpdir(), 'issue-token-'));
    try {
      writeFileSync(join(folder, 'issue-token.mjs'), script ?? assert.fail());
      writeFileSync(join(folder, 'key.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
      process.env['TOKEN_KEY_FILE'] = join(folder, 'key.pem');
      const source = commandSource(`"${process.execPath}" "${join(folder, 'issue-token.mjs')}"`);
      const spec = {
        org: 'dev',
        orgId: '00D',
        channel: 'Web',
        subject: 'me',
        issuer: 'https://i',
        kid: 'k',
        now: new Date(),
      };
      return await source.getToken({ ...spec, ...more });
    } finally {
      delete process.env['TOKEN_KEY_FILE'];
      rmSync(folder, { recursive: true });
    }
  };

  test('prints a token with the requested claims, signed with the key', async () => {
    const [header = '', claims = '', signature = ''] = (await issue({})).split('.');
    const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
    assert.deepEqual(read(header), { alg: 'RS256', typ: 'JWT', kid: 'k' });
    const { iss, sub, iat, exp } = read(claims);
    assert.deepEqual([iss, sub, Number(exp) - Number(iat)], ['https://i', 'me', 60]);
    assert.ok(verify('sha256', Buffer.from(`${header}.${claims}`), publicKey, Buffer.from(signature, 'base64url')));
  });

  for (const [alg, padding] of [
    ['PS256', constants.RSA_PKCS1_PSS_PADDING],
    ['RS384', constants.RSA_PKCS1_PADDING],
  ] as const)
    test(`signs a text with ${alg}`, async () => {
      const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
      const toSign = `${part({ alg })}.${part({ sub: 'me' })}`;
      const token = await issue({ alg, toSign });
      const signature = Buffer.from(token.slice(toSign.length + 1), 'base64url');
      assert.ok(token.startsWith(`${toSign}.`));
      const saltLength = constants.RSA_PSS_SALTLEN_DIGEST;
      assert.ok(verify(`sha${alg.slice(2)}`, Buffer.from(toSign), { key: publicKey, padding, saltLength }, signature));
    });
});

import assert from 'node:assert/strict';
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { asToolError } from '../../../lib/errors';
import { readSigningKey } from '../../../lib/token-server/private-key';
import { resolveSignerSettings } from '../../../lib/token-server/settings';
import { temporaryFolder, createProject, writeFixture } from '../../commands-keys/test-project';
import { runKeysCommand } from '../../commands-keys/run-keys-command';

const folder = temporaryFolder();

interface OrgFile {
  readonly overrides: { readonly PublicKeyCertificateSet: Record<string, object> };
}

/** A project in which uat trusts an uploaded key with a private key file, and prod trusts it through its endpoint. */
async function projectWithKey(flags: object = {}) {
  const [project, file] = [createProject(folder), join(folder, `${Math.random()}.pem`)];
  const made = await runKeysCommand(project, {
    verb: 'new',
    name: 'Trial',
    privateKey: file,
    kid: 'trial-1',
    ...flags,
  });
  assert.equal(made.exit, 0, made.shown);
  const path = 'config/orgs/uat.json';
  const org = JSON.parse(readFileSync(join(project, path), 'utf8')) as OrgFile;
  org.overrides.PublicKeyCertificateSet['Customer_Identity'] = {
    jwtIssuer: 'https://id.uat.example.com',
    publicKeyCertificateSetKeys: [{ publicKeyCertificate: 'Trial' }],
  };
  writeFixture(project, path, JSON.stringify(org));
  return { project, file, privateKey: createPrivateKey(readFileSync(file)) };
}

test('issuer, kid and algorithm come from the keyset of the org that contains the key', async () => {
  const { project, privateKey } = await projectWithKey({ alg: 'RS512' });
  const expected = { issuer: 'https://id.uat.example.com', kid: 'trial-1', algorithm: 'RS512' };
  assert.deepEqual(resolveSignerSettings(privateKey, { org: ['uat'], project }), expected);
});

test('the key of a keyset with an endpoint is found in source', async () => {
  const { project, privateKey } = await projectWithKey();
  const expected = { issuer: 'https://login.example.com', kid: 'trial-1', algorithm: 'RS256' };
  assert.deepEqual(resolveSignerSettings(privateKey, { org: ['prod'], project }), expected);
});

test('an untrusted key, an issuer of no keyset, and a missing org are rejected', async () => {
  const { project, privateKey } = await projectWithKey();
  const refused = (options: object) => () => resolveSignerSettings(privateKey, { org: ['dev'], project, ...options });
  assert.throws(refused({}), /No channel of "dev" trusts this key/);
  assert.throws(refused({ org: ['uat'], issuer: 'https://id.uat.example.com/' }), /trusts this key/);
  assert.throws(refused({ org: ['nowhere'] }), /no org "nowhere"/);
  assert.throws(refused({ org: [] }), /issuer and kid of the tokens are unknown/);
  assert.throws(refused({ org: ['dev', 'uat'] }), /issuer and kid of the tokens are unknown/);
});

test('without an org, issuer and kid come from the flags', () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const settings = resolveSignerSettings(privateKey, { org: [], project: folder, issuer: 'me', kid: 'k' });
  assert.deepEqual(settings, { issuer: 'me', kid: 'k', algorithm: 'RS256' });
});

test('the private key comes from one file or one command, and no error repeats it', async () => {
  const { file } = await projectWithKey();
  const quoted = JSON.stringify(file);
  assert.equal((await readSigningKey({ privateKey: file })).asymmetricKeyType, 'rsa');
  for (const [mode, count] of [
    [0o600, 0],
    [0o400, 0],
    [0o644, 1],
    [0o660, 1],
    [0o602, 1],
  ] as const) {
    chmodSync(file, mode);
    const warnings: string[] = [];
    await readSigningKey({ privateKey: file }, (text) => warnings.push(text));
    assert.equal(warnings.length, process.platform === 'win32' ? 0 : count, `mode ${mode.toString(8)}`);
    for (const text of warnings) assert.match(text, new RegExp(`mode ${mode.toString(8)}.*chmod 600 `));
  }
  assert.equal((await readSigningKey({ privateKeyCommand: `cat ${quoted}` })).asymmetricKeyType, 'rsa');
  const weak = writeFixture(folder, 'weak.pem', pemOf(generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey));
  const curve = writeFixture(folder, 'curve.pem', pemOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey));
  const torn = writeFixture(folder, 'torn.pem', readFileSync(file, 'utf8').slice(0, 500));
  const refusals = [
    [{}, 'exactly one private key'],
    [{ privateKey: file, privateKeyCommand: 'true' }, 'exactly one private key'],
    [{ privateKey: join(folder, 'none.pem') }, 'ENOENT'],
    [{ privateKey: weak }, '2048 bits'],
    [{ privateKey: curve }, 'type ec'],
    [{ privateKey: torn }, "doesn't contain a private RSA key"],
    [{ privateKeyCommand: 'exit 7' }, 'exit code 7'],
    [{ privateKeyCommand: `head -c 600 ${quoted}; exit 1` }, 'exit code 1'],
  ] as const;
  const secret = readFileSync(file, 'utf8').split('\n')[1] ?? '';
  for (const [flags, expected] of refusals) {
    const message = await readSigningKey(flags).then(
      () => '',
      (thrown: unknown) => JSON.stringify({ ...asToolError(thrown) }),
    );
    assert.ok(message.includes(expected), `${message} without ${expected}`);
    assert.ok(!message.includes(secret), 'the key is repeated');
  }
});

const pemOf = (key: ReturnType<typeof createPrivateKey>): string =>
  key.export({ type: 'pkcs8', format: 'pem' }).toString();

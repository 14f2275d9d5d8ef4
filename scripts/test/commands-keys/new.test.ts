import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, symlinkSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { calculateJwkThumbprint, importJWK, jwtVerify, SignJWT, type JWK } from 'jose';
import { readXml } from '../../lib/metadata';
import { textAt } from '../../lib/model';
import { startTestOrg } from '../local-org/client';
import { folderDigest, temporaryFolder, createProject, writeFixture } from './test-project';
import { runKeysCommand, type KeysResult } from './run-keys-command';

const folder = temporaryFolder();
const project = createProject(folder);
const runNewCommand = (name: string, flags: object): Promise<KeysResult> =>
  runKeysCommand(project, { verb: 'new', name, ...flags });

const componentFile = (name: string): string =>
  join(project, `force-app/main/default/PublicKeyCertificate/${name}.PublicKeyCertificate-meta.xml`);

function jwkIn(name: string): JWK & { kid: string; alg: string; x5c: string[] } {
  const { root } = readXml(readFileSync(componentFile(name), 'utf8'));
  return JSON.parse((root && textAt(root, 'jsonWebKey')) ?? '{}') as ReturnType<typeof jwkIn>;
}

for (const [bits, alg] of [
  [2048, 'RS256'],
  [4096, 'RS512'],
] as const) {
  test(`creates a ${bits}-bit key pair for ${alg} with the public key in source and the private key in a file of the user`, async () => {
    const [name, file] = [`Key_${bits}`, join(folder, `${bits}.pem`)];
    assert.equal((await runNewCommand(name, { privateKey: file, bits, alg })).exit, 0);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    const privateKey = createPrivateKey(readFileSync(file));
    assert.deepEqual([privateKey.asymmetricKeyType, privateKey.asymmetricKeyDetails?.modulusLength], ['rsa', bits]);
    const { n, e } = createPublicKey(privateKey).export({ format: 'jwk' });
    const jwk = jwkIn(name);
    assert.deepEqual([jwk.n, jwk.e, jwk.alg], [n, e, alg]);
    const token = await new SignJWT({ sub: 'x' }).setProtectedHeader({ alg, kid: jwk.kid }).sign(privateKey);
    assert.equal((await jwtVerify(token, await importJWK(jwk, alg))).payload.sub, 'x');
  });
}

test('uses the RFC 7638 thumbprint as the kid without --kid', async () => {
  assert.equal((await runNewCommand('Thumbed', { privateKey: join(folder, 'thumbed.pem') })).exit, 0);
  assert.equal(jwkIn('Thumbed').kid, await calculateJwkThumbprint({ ...jwkIn('Thumbed'), kty: 'RSA' }));
});

test('runs no program that the config of a repository names', async () => {
  const path = join(folder, 'handed-over');
  execFileSync('git', ['init', '-q', path]);
  const marker = join(folder, 'program-ran');
  for (const setting of ['core.fsmonitor', 'core.sshCommand', 'core.pager', 'diff.external', 'core.hooksPath'])
    execFileSync('git', ['-C', path, 'config', setting, `touch ${marker}; false`]);
  writeFixture(path, '.gitignore', '*.pem\n');
  assert.equal((await runNewCommand('Handed_Over', { privateKey: join(path, 'key.pem') })).exit, 0);
  assert.ok(!existsSync(marker));
});

/** The members that key-command-line-utility of Salesforce writes, without its placeholders. */
test('creates a JWK with the same members as key-command-line-utility of Salesforce', async () => {
  const file = join(folder, 'kclu.pem');
  await runNewCommand('Tool_Key', { privateKey: file, kid: 'tool' });
  const made = jwkIn('Tool_Key');
  const { n, e } = createPublicKey(readFileSync(file)).export({ format: 'jwk' });
  const certificate = new X509Certificate(Buffer.from(made.x5c[0] ?? '', 'base64'));
  const tool = { kid: 'tool', alg: 'RS256', use: 'sig', kty: 'RSA', x5c: [certificate.raw.toString('base64')], n, e };
  assert.deepEqual(made, tool);
  assert.ok(certificate.verify(createPublicKey(readFileSync(file))), 'self-signed with the same key pair');
});

test('creates a key that the local org accepts and that verifies a token', async (context) => {
  const file = join(folder, 'accepted.pem');
  await runNewCommand('Accepted', { privateKey: file });
  const client = await startTestOrg(context);
  const path = 'PublicKeyCertificate/Accepted.PublicKeyCertificate';
  const report = await client.deploy({ [path]: readFileSync(componentFile('Accepted'), 'utf8') });
  assert.deepEqual([report.status, report.failures], ['Succeeded', []]);
  const { root } = readXml(client.org.files().get(path) ?? '');
  const liveKey = JSON.parse((root && textAt(root, 'jsonWebKey')) ?? '{}') as JWK;
  const token = await new SignJWT({ sub: 'customer' })
    .setProtectedHeader({ alg: 'RS256' })
    .sign(createPrivateKey(readFileSync(file)));
  assert.equal((await jwtVerify(token, await importJWK(liveKey, 'RS256'))).payload.sub, 'customer');
});

test('passes the private key to the standard input of a command and hides the output of the command', async () => {
  const file = join(folder, 'piped.pem');
  const { exit, shown } = await runNewCommand('Piped', { privateKeyTo: `umask 077; tee "${file}"; cat "${file}" >&2` });
  assert.equal(exit, 0);
  assert.ok(createPrivateKey(readFileSync(file)));
  assert.ok(!shown.includes('PRIVATE KEY'));
});

test('creates no key when the command fails', async () => {
  const before = folderDigest(project);
  for (const privateKeyTo of ['exit 3', 'no-such-command-here', 'cat >/dev/null; exit 1']) {
    assert.equal((await runNewCommand('Failed', { privateKeyTo })).code, 'command-failed');
  }
  assert.equal(folderDigest(project), before);
});

test('creates a signing request for the key pair and imports the certificate of the CA', async () => {
  const [key, request] = [join(folder, 'ca.pem'), join(folder, 'ca.csr')];
  assert.equal(
    (await runNewCommand('Signed', { privateKey: key, request, subject: 'CN=Customer Identity, O=Example' })).exit,
    0,
  );
  assert.ok(!existsSync(componentFile('Signed')));
  const subject = execFileSync('openssl', ['req', '-in', request, '-noout', '-verify', '-subject'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  assert.match(subject, /CN ?= ?Customer Identity/);
  const certificate = join(folder, 'ca.crt');
  execFileSync('openssl', ['x509', '-req', '-in', request, '-signkey', key, '-days', '90', '-out', certificate], {
    stdio: 'ignore',
  });
  assert.equal((await runKeysCommand(project, { verb: 'import', name: 'Signed', from: certificate })).exit, 0);
  assert.equal(jwkIn('Signed').n, createPublicKey(readFileSync(key)).export({ format: 'jwk' }).n);
});

test('rejects the same file for the signing request and the private key before it creates a key', async () => {
  const file = join(folder, 'one.pem');
  const { exit, code } = await runNewCommand('Both', { privateKey: file, request: join(folder, '.', 'one.pem') });
  assert.deepEqual([exit, code, existsSync(file)], [3, 'invalid-flag', false]);
});

/** Unsafe locations of a private key: description, file, and error code. */
const UNSAFE_LOCATIONS: readonly (readonly [name: string, path: () => string, code: string])[] = [
  ['an existing file', () => writeFixture(folder, 'taken.pem', 'precious'), 'already-exists'],
  ['a link', () => createLink(join(folder, 'elsewhere.pem')), 'already-exists'],
  ['a missing folder', () => join(folder, 'nowhere', 'key.pem'), 'unsafe-location'],
  ['a work tree', () => join(createRepository(), 'key.pem'), 'unsafe-location'],
  ['a folder of a work tree', () => join(createRepository(), 'deep', 'key.pem'), 'unsafe-location'],
  ['a link to a work tree', () => join(createLink(createRepository()), 'key.pem'), 'unsafe-location'],
  ['the .git folder', () => join(createRepository(), '.git', 'key.pem'), 'unsafe-location'],
];

let links = 0;
function createLink(target: string): string {
  const link = join(folder, `link-${++links}`);
  symlinkSync(target, link);
  return link;
}

function createRepository(): string {
  const path = join(folder, `repository-${++links}`);
  mkdirSync(join(path, 'deep'), { recursive: true });
  execFileSync('git', ['init', '-q', path]);
  return path;
}

for (const [name, path, code] of UNSAFE_LOCATIONS) {
  test(`rejects ${name} as the location of a private key and creates no key`, async () => {
    const before = folderDigest(project);
    const file = path();
    const content = existsSync(file) ? readFileSync(file, 'utf8') : '';
    assert.equal((await runNewCommand('Refused', { privateKey: file })).code, code);
    assert.equal(existsSync(file) ? readFileSync(file, 'utf8') : '', content);
    assert.equal(folderDigest(project), before);
  });
}

test('accepts an ignored file of a work tree as the location of a private key', async () => {
  const path = createRepository();
  writeFixture(path, '.gitignore', '*.pem\n');
  assert.equal((await runNewCommand('Ignored', { privateKey: join(path, 'key.pem') })).exit, 0);
});

test('requires exactly one location of the private key', async () => {
  for (const flags of [{}, { privateKey: join(folder, 'a.pem'), privateKeyTo: 'cat' }]) {
    assert.equal((await runNewCommand('Nowhere', flags)).code, 'invalid-flag');
  }
});

test('rejects an existing name or kid, a lifetime of 10 days, and a malformed subject', async () => {
  const privateKey = join(folder, 'unused.pem');
  assert.equal((await runNewCommand('customer_identity_uat', { privateKey })).code, 'already-exists');
  assert.equal((await runNewCommand('Fresh', { privateKey, kid: 'sample-uat' })).code, 'already-exists');
  assert.equal((await runNewCommand('Fresh', { privateKey, days: 10 })).code, 'invalid-flag');
  assert.equal((await runNewCommand('Fresh', { privateKey, subject: 'no name at all' })).code, 'invalid-flag');
  assert.ok(!existsSync(privateKey));
});

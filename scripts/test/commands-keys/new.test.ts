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
  test(`a pair of ${bits} bits for ${alg}: public half in the source, private half in a file for the user alone`, async () => {
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

test('without --kid, the key is named by its RFC 7638 thumbprint', async () => {
  assert.equal((await runNewCommand('Thumbed', { privateKey: join(folder, 'thumbed.pem') })).exit, 0);
  assert.equal(jwkIn('Thumbed').kid, await calculateJwkThumbprint({ ...jwkIn('Thumbed'), kty: 'RSA' }));
});

/** The members that Salesforce's key-command-line-utility writes, its placeholder letters left out. */
test("the JWK is that of Salesforce's key tool for the same pair, member for member", async () => {
  const file = join(folder, 'kclu.pem');
  await runNewCommand('Tool_Key', { privateKey: file, kid: 'tool' });
  const made = jwkIn('Tool_Key');
  const { n, e } = createPublicKey(readFileSync(file)).export({ format: 'jwk' });
  const certificate = new X509Certificate(Buffer.from(made.x5c[0] ?? '', 'base64'));
  const tool = { kid: 'tool', alg: 'RS256', use: 'sig', kty: 'RSA', x5c: [certificate.raw.toString('base64')], n, e };
  assert.deepEqual(made, tool);
  assert.ok(certificate.verify(createPublicKey(readFileSync(file))), 'self-signed with this very pair');
});

test('the local org takes the key as it is, and verifies a token of its private half with what it holds', async (context) => {
  const file = join(folder, 'accepted.pem');
  await runNewCommand('Accepted', { privateKey: file });
  const client = await startTestOrg(context);
  const path = 'PublicKeyCertificate/Accepted.PublicKeyCertificate';
  const report = await client.deploy({ [path]: readFileSync(componentFile('Accepted'), 'utf8') });
  assert.deepEqual([report.status, report.failures], ['Succeeded', []]);
  const { root } = readXml(client.org.files().get(path) ?? '');
  const held = JSON.parse((root && textAt(root, 'jsonWebKey')) ?? '{}') as JWK;
  const token = await new SignJWT({ sub: 'customer' })
    .setProtectedHeader({ alg: 'RS256' })
    .sign(createPrivateKey(readFileSync(file)));
  assert.equal((await jwtVerify(token, await importJWK(held, 'RS256'))).payload.sub, 'customer');
});

test('a command takes the private key on its standard input; what it prints is not repeated', async () => {
  const file = join(folder, 'piped.pem');
  const { exit, shown } = await runNewCommand('Piped', { privateKeyTo: `umask 077; tee "${file}"; cat "${file}" >&2` });
  assert.equal(exit, 0);
  assert.ok(createPrivateKey(readFileSync(file)));
  assert.ok(!shown.includes('PRIVATE KEY'));
});

test('when the command fails there is no key', async () => {
  const before = folderDigest(project);
  for (const privateKeyTo of ['exit 3', 'no-such-command-here', 'cat >/dev/null; exit 1']) {
    assert.equal((await runNewCommand('Failed', { privateKeyTo })).code, 'command-failed');
  }
  assert.equal(folderDigest(project), before);
});

test('a signing request is for the pair, and the certificate of the CA is taken in afterwards', async () => {
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

test('one file for the signing request and the private key is refused before there is a key', async () => {
  const file = join(folder, 'one.pem');
  const { exit, code } = await runNewCommand('Both', { privateKey: file, request: join(folder, '.', 'one.pem') });
  assert.deepEqual([exit, code, existsSync(file)], [3, 'invalid-flag', false]);
});

/** Places for a private key that are refused: why, the file, and the code. */
const UNSAFE_LOCATIONS: readonly (readonly [claim: string, place: () => string, code: string])[] = [
  ['a file that exists is never written over', () => writeFixture(folder, 'taken.pem', 'precious'), 'already-exists'],
  ['a link is not followed', () => createLink(join(folder, 'elsewhere.pem')), 'already-exists'],
  ['a folder has to exist', () => join(folder, 'nowhere', 'key.pem'), 'unsafe-location'],
  ['a work tree is refused', () => join(createRepository(), 'key.pem'), 'unsafe-location'],
  ['a folder of a work tree is refused', () => join(createRepository(), 'deep', 'key.pem'), 'unsafe-location'],
  [
    'a way into a work tree through a link is refused',
    () => join(createLink(createRepository()), 'key.pem'),
    'unsafe-location',
  ],
  ['the folder of git itself is refused', () => join(createRepository(), '.git', 'key.pem'), 'unsafe-location'],
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

for (const [claim, place, code] of UNSAFE_LOCATIONS) {
  test(`${claim}, and no key is made`, async () => {
    const before = folderDigest(project);
    const file = place();
    const content = existsSync(file) ? readFileSync(file, 'utf8') : '';
    assert.equal((await runNewCommand('Refused', { privateKey: file })).code, code);
    assert.equal(existsSync(file) ? readFileSync(file, 'utf8') : '', content);
    assert.equal(folderDigest(project), before);
  });
}

test('an ignored file of a work tree is as good as one outside', async () => {
  const path = createRepository();
  writeFixture(path, '.gitignore', '*.pem\n');
  assert.equal((await runNewCommand('Ignored', { privateKey: join(path, 'key.pem') })).exit, 0);
});

test('the private key has exactly one place', async () => {
  for (const flags of [{}, { privateKey: join(folder, 'a.pem'), privateKeyTo: 'cat' }]) {
    assert.equal((await runNewCommand('Nowhere', flags)).code, 'invalid-flag');
  }
});

test('a name or a kid that is taken, a certificate of ten days and a broken subject are refused', async () => {
  const privateKey = join(folder, 'unused.pem');
  assert.equal((await runNewCommand('customer_identity_uat', { privateKey })).code, 'already-exists');
  assert.equal((await runNewCommand('Fresh', { privateKey, kid: 'sample-uat' })).code, 'already-exists');
  assert.equal((await runNewCommand('Fresh', { privateKey, days: 10 })).code, 'invalid-flag');
  assert.equal((await runNewCommand('Fresh', { privateKey, subject: 'no name at all' })).code, 'invalid-flag');
  assert.ok(!existsSync(privateKey));
});

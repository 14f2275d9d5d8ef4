import assert from 'node:assert/strict';
import { createPublicKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { asToolError } from '../../../lib/errors';
import { parsePublicKey } from '../../../lib/keys/parse-public-key';
import { generateKeyPair } from '../../../lib/jwk/key-pair';
import { publicJwk as jwkFrom } from '../../../lib/keys/key-input';
import { resolveDestination } from '../../../lib/keys/private-key';
import { readKeyInput } from '../../../lib/keys/read-key-input';
import { json, startFakeChatApi, type FakeChatApi } from '../chat-api/fake-chat-api';
import { createCertificate, DAY_MS, keyPair, NOW, privateMembers, publicJwk } from '../jwk/test-keys';

let server: FakeChatApi;
const folder = mkdtempSync(join(tmpdir(), 'key-input-'));
before(async () => {
  server = await startFakeChatApi();
});
after(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

describe('a key from a URL', () => {
  const options = { allowLoopback: true, isUrl: true };

  test('is named by the URL without its query, which can contain a secret', async () => {
    server.handle = json(200, { keys: [] });
    const { from, bytes } = await readKeyInput(`${server.url}/jwks.json?code=secret#fragment`, options);
    assert.deepEqual([from, bytes.toString()], [`${server.url}/jwks.json`, '{"keys":[]}']);
  });

  test('is rejected without its query if the status is not 200', async () => {
    for (const status of [201, 302, 404]) {
      server.handle = (_request, response) => void response.writeHead(status, { location: '/x?secret' }).end();
      const error = await readKeyInput(`${server.url}/jwks.json?code=secret`, options).then(
        () => assert.fail('read'),
        asToolError,
      );
      assert.deepEqual([error.code, error.exit], ['endpoint-unreachable', 4]);
      assert.equal(error.why, `It responds with ${status} instead of 200. Redirects are not followed.`);
      assert.ok(!`${error.what} ${error.why} ${error.fix}`.includes('secret'));
    }
  });

  test('is larger than the limit if it was truncated', async () => {
    server.handle = (_request, response) => void response.end(' '.repeat(1024 * 1024 + 1));
    const input = await readKeyInput(server.url, options);
    const { findings = [] } = parsePublicKey(input, { now: NOW }) as { findings?: readonly { rule: string }[] };
    assert.deepEqual(
      findings.map(({ rule }) => rule),
      ['key-too-large'],
    );
  });
});

test('a key from a file is read up to one byte beyond the limit, and a missing file is an error', async () => {
  const file = join(folder, 'large');
  writeFileSync(file, ' '.repeat(1024 * 1024 + 5));
  const { bytes } = await readKeyInput(file, { allowLoopback: false, isUrl: false });
  assert.equal(bytes.length, 1024 * 1024 + 1);
  await assert.rejects(readKeyInput(join(folder, 'none'), { allowLoopback: false, isUrl: false }), /ENOENT/);
});

const parse = (text: string | Buffer, constraints = {}) =>
  parsePublicKey({ from: 'input', bytes: Buffer.from(text) }, { now: NOW, ...constraints });

/** The rules of the findings, or the kid of the accepted key. */
const resultOf = (text: string | Buffer, constraints = {}): string => {
  const result = parse(text, constraints);
  return result.jwk ? `kid ${result.jwk.kid}` : result.findings.map(({ rule }) => rule).join();
};

const pem = (label: string, der: Buffer): string =>
  `-----BEGIN ${label}-----\n${der.toString('base64')}\n-----END ${label}-----\n`;

describe('parsing a public key', () => {
  const publicDer = keyPair().publicKey.export({ type: 'spki', format: 'der' });

  test('accepts a JWK, the selected key of a JWKS document, and a PEM certificate', async () => {
    const jwk = await publicJwk();
    const other = { ...(await publicJwk(keyPair('other'))), kid: 'other' };
    assert.equal(resultOf(JSON.stringify(jwk)), 'kid key-1');
    assert.equal(resultOf(JSON.stringify({ keys: [jwk, other] }), { kid: 'other' }), 'kid other');
    assert.equal(resultOf(pem('CERTIFICATE', await createCertificate(keyPair())), { kid: 'mine' }), 'kid mine');
    assert.equal(resultOf(Buffer.from(`\uFEFF${JSON.stringify(jwk)}`)), 'kid key-1');
  });

  test('accepts a PEM public key with its certificate only', async () => {
    const certificate = new X509Certificate(await createCertificate(keyPair()));
    assert.equal(resultOf(pem('PUBLIC KEY', publicDer)), 'certificate-missing');
    assert.equal(resultOf(pem('PUBLIC KEY', publicDer), { certificate, kid: 'k' }), 'kid k');
  });

  test('imports public members only', async () => {
    const { jwk } = parse(JSON.stringify({ ...(await publicJwk()), note: 'x', key_ops: ['verify'] }));
    assert.deepEqual(Object.keys(jwk ?? {}).sort(), ['alg', 'e', 'kid', 'kty', 'n', 'use', 'x5c']);
  });

  test('keeps the alg and kid of the key, and fills in missing ones', async () => {
    const { alg: _alg, kid: _kid, ...bare } = await publicJwk();
    const filled = parse(JSON.stringify(bare), { alg: 'RS512', kid: 'given' }).jwk;
    assert.deepEqual([filled?.alg, filled?.kid], ['RS512', 'given']);
    const kept = parse(JSON.stringify(await publicJwk()), { alg: 'RS512' }).jwk;
    assert.deepEqual([kept?.alg, kept?.kid], ['RS256', 'key-1']);
  });

  test('reports a private key alone, even next to the public key that is selected', async () => {
    const jwk = await publicJwk();
    const leaked = {
      ...(await publicJwk(keyPair('other'))),
      ...privateMembers(keyPair('other')),
      kid: 'other',
      alg: 'x',
    };
    assert.equal(resultOf(JSON.stringify({ keys: [jwk, leaked] }), { kid: 'key-1' }), 'jwk-private-key');
    assert.equal(resultOf(JSON.stringify(leaked)), 'jwk-private-key');
  });

  test('rejects everything else by a rule, and repeats no input', async () => {
    const privateJwk = JSON.stringify({ ...(await publicJwk()), ...privateMembers() });
    const privatePem = keyPair().privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const jwk = await publicJwk();
    const cases: readonly (readonly [text: string | Buffer, rule: string])[] = [
      [privateJwk, 'jwk-private-key'],
      [privatePem, 'private-key'],
      ['PuTTY-User-Key-File-3: ssh-rsa', 'private-key'],
      ['', 'key-empty'],
      ['  \n', 'key-unknown'],
      ['ssh-rsa AAAA', 'key-unknown'],
      ['<html>', 'key-unknown'],
      [Buffer.from([0xff, 0xfe, 0x41, 0]), 'key-encoding'],
      [Buffer.from([0x30, 0x82, 1, 2]), 'key-encoding'],
      [Buffer.from([0x41, 0xff]), 'key-encoding'],
      ['a\0b', 'key-encoding'],
      ['{"keys":{}}', 'jwks-no-list'],
      ['{"keys":[]}', 'jwks-none'],
      [JSON.stringify({ keys: [jwk, { ...jwk, kid: 'b' }] }), 'jwks-several'],
      [pem('PKCS7', Buffer.from('x')), 'pem-kind'],
      ['-----BEGIN CERTIFICATE-----\nMIIB', 'pem-cut-off'],
      [pem('CERTIFICATE', Buffer.from('x')), 'pem-unreadable'],
    ];
    for (const [text, rule] of cases) assert.equal(resultOf(text), rule, JSON.stringify(String(text).slice(0, 40)));
    for (const secret of [privateJwk, privatePem]) {
      const { d = '' } = keyPair().privateKey.export({ format: 'jwk' });
      assert.ok(!JSON.stringify(parse(secret)).includes(d.slice(0, 20)));
      assert.ok(!JSON.stringify(parse(secret)).includes(privatePem.split('\n')[2] ?? '-'));
    }
  });
});

describe('a generated key pair', () => {
  test('has a self-signed certificate that is valid from a day before, for the given days', async () => {
    const pair = await generateKeyPair({ bits: 2048, alg: 'RS512' });
    const certificate = new X509Certificate(await pair.certificate('CN=Customer Identity, O=Example', NOW, 100));
    assert.equal(certificate.validFromDate.getTime(), NOW.getTime() - DAY_MS);
    assert.equal(certificate.validToDate.getTime(), NOW.getTime() + 100 * DAY_MS);
    assert.match(certificate.subject, /CN=Customer Identity/);
    const publicKey = createPublicKey({ key: pair.publicKey, format: 'der', type: 'spki' });
    assert.ok(certificate.verify(publicKey));
    assert.ok(certificate.checkPrivateKey((await import('node:crypto')).createPrivateKey(await pair.privatePem())));
    assert.match(certificate.serialNumber, /^1[0-9A-F]{31}$/);
    assert.equal(publicKey.asymmetricKeyDetails?.modulusLength, 2048);
  });

  test('has a JWK that Salesforce accepts, with its thumbprint as the default kid', async () => {
    const pair = await generateKeyPair({ bits: 2048, alg: 'RS256' });
    const jwk = jwkFrom(pair.publicKey, await pair.certificate('CN=X', NOW, 365), { alg: 'RS256' });
    assert.match(jwk.kid, /^[\w-]{43}$/);
    assert.equal(resultOf(JSON.stringify(jwk)), `kid ${jwk.kid}`);
    assert.equal(
      jwkFrom(pair.publicKey, await pair.certificate('CN=X', NOW, 365), { alg: 'RS256', kid: 'k' }).kid,
      'k',
    );
  });
});

describe('the destination of a private key', () => {
  test('is a new file that only the user can read', async () => {
    const file = join(folder, 'new.pem');
    const destination = await resolveDestination({ privateKey: file });
    await destination.write('the key');
    assert.equal(readFileSync(file, 'utf8'), 'the key');
    assert.equal(statSync(file).mode & 0o777, 0o600);
    await assert.rejects(resolveDestination({ privateKey: file }), /already exists/);
    await assert.rejects(destination.write('another'), /already exists/);
    assert.equal(readFileSync(file, 'utf8'), 'the key');
  });

  test('is never in a git work tree, unless git ignores the file', async () => {
    const repository = mkdtempSync(join(folder, 'repository-'));
    (await import('node:child_process')).execFileSync('git', ['init', '-q', repository]);
    writeFileSync(join(repository, '.gitignore'), '*.secret\n');
    await assert.rejects(resolveDestination({ privateKey: join(repository, 'key.pem') }), /could be committed/);
    await resolveDestination({ privateKey: join(repository, 'key.secret') });
  });

  test('is exactly one, in a folder that exists', async () => {
    await assert.rejects(resolveDestination({}), /exactly one destination/);
    await assert.rejects(resolveDestination({ privateKey: 'a', privateKeyTo: 'b' }), /exactly one destination/);
    await assert.rejects(resolveDestination({ privateKey: join(folder, 'none', 'a') }), /doesn't exist/);
  });

  test('is the standard input of a command, whose failure is an error', async () => {
    const file = join(folder, 'piped');
    await (await resolveDestination({ privateKeyTo: `cat > '${file}'` })).write('the key');
    assert.equal(readFileSync(file, 'utf8'), 'the key');
    const failing = await resolveDestination({ privateKeyTo: 'cat > /dev/null; exit 3' });
    const error = await failing.write('the key').then(() => assert.fail('written'), asToolError);
    assert.deepEqual([error.code, error.exit], ['command-failed', 1]);
    assert.match(error.why, /exit code 3/);
  });
});

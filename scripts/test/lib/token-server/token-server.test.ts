import assert from 'node:assert/strict';
import { createPublicKey } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import type { Context } from '../../../lib/cli';
import { asToolError } from '../../../lib/errors';
import { listen, runTokenServer } from '../../../lib/token-server';
import { createRateLimit } from '../../../lib/token-server/rate-limit';
import { createDemoSessions } from '../../../lib/token-server/sessions';
import type { TokenServerFlags } from '../../../lib/token-server/flags';
import { keyPair, privateMembers } from '../jwk/test-keys';
import { cookieIn, tokenIn } from './test-endpoint';

const folder = mkdtempSync(join(tmpdir(), 'token-server-'));
after(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text, { mode: 0o600 });
  return file;
}

const KEY_FILE = write('key.pem', keyPair().privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());

/** Runs the token server while `use` sends requests to it. */
async function withServer(
  flags: Partial<TokenServerFlags & { readonly json: boolean }>,
  use: (url: string, document: Readonly<Record<string, unknown>>, printed: readonly string[]) => Promise<void>,
): Promise<readonly string[]> {
  const logged: string[] = [];
  const printed: string[] = [];
  let stop = (): void => undefined;
  const stopped = new Promise<void>((resolve) => (stop = resolve));
  const ready = new Promise<string>((resolve, reject) => {
    const context: Context<TokenServerFlags> = {
      flags: {
        org: [],
        project: folder,
        json: true,
        privateKey: KEY_FILE,
        issuer: 'https://id.example.com',
        kid: 'key-1',
        allowLoopback: true,
        port: 0,
        allowOrigin: [],
        customer: [],
        ...flags,
      },
      layout: { columns: 120, color: false },
      now: new Date(),
      interactive: false,
      print: (text) => void printed.push(text),
      printSecret: () => undefined,
      log: (line) => void logged.push(line),
      printJson: resolve,
      untilStopped: () => stopped,
      confirm: () => Promise.resolve(false),
    };
    runTokenServer(context).catch(reject);
  });
  const document = JSON.parse(await ready) as { readonly url: string };
  try {
    await use(document.url, document, printed);
  } finally {
    stop();
  }
  return logged;
}

const keysAt = async (url: string): Promise<readonly Readonly<Record<string, unknown>>[]> =>
  ((await (await fetch(`${url}/.well-known/jwks.json`)).json()) as { keys: Readonly<Record<string, unknown>>[] }).keys;

describe('the token server', () => {
  test('logs in its first customer and issues a token for a page of its own origin', async () => {
    const logged = await withServer({ customer: ['shopper 7', 'other'] }, async (url, document) => {
      assert.deepEqual(document['customers'], ['shopper 7', 'other']);
      const headers = { origin: url, 'x-requested-with': 'test' };
      const login = await fetch(`${url}/session/shopper%207`, { method: 'POST', headers });
      assert.equal(login.status, 204);
      const cookie = cookieIn(login.headers.get('set-cookie') ?? '');
      const response = await fetch(`${url}/token`, { method: 'POST', headers: { ...headers, cookie } });
      const [, claims = ''] = tokenIn({ status: 200, headers: {}, body: await response.text() }).split('.');
      const { iss, sub } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { iss: string; sub: string };
      assert.deepEqual([iss, sub], ['https://id.example.com', 'shopper 7']);
      const unknown = await fetch(`${url}/session/nobody`, { method: 'POST', headers });
      assert.equal(unknown.status, 404);
    });
    assert.deepEqual(logged, ['POST /session 204', 'POST /token 200', 'POST (unknown path) 404']);
  });

  test('serves customer-1 by default', () =>
    withServer({}, (_url, { customers }) => Promise.resolve(assert.deepEqual(customers, ['customer-1']))).then(
      () => undefined,
    ));

  test('serves the signing key once, and only public members of the other keys in --jwks', async () => {
    const { n, e } = createPublicKey(keyPair('other').privateKey).export({ format: 'jwk' });
    const other = { kty: 'RSA', use: 'sig', alg: 'RS512', kid: 'other', n, e };
    const signing = { ...other, alg: 'RS256', kid: 'key-1' };
    const jwks = write(
      'jwks.json',
      JSON.stringify({ keys: [signing, { ...other, ...privateMembers(keyPair('other')) }] }),
    );
    await withServer({ jwks }, async (url) => {
      const keys = await keysAt(url);
      assert.deepEqual(
        keys.map(({ kid }) => kid),
        ['key-1', 'other'],
      );
      assert.deepEqual(keys[1], other);
      assert.equal(keys[0]?.['n'], createPublicKey(keyPair().privateKey).export({ format: 'jwk' }).n);
    });
  });

  test('rejects a --jwks file that is not a JWKS document', async () => {
    for (const text of ['{', '', '<html>', '{"keys":{}}', '{"keys":[{"kty":"EC"}]}']) {
      const error = await withServer({ jwks: write('bad.json', text) }, () => Promise.resolve()).then(
        () => assert.fail('started'),
        asToolError,
      );
      assert.deepEqual([error.code, error.exit], ['unreadable-file', 3]);
      assert.match(error.what, /isn't a JWKS document/);
    }
  });

  test('rejects a port that is in use', async () => {
    const other = await listen(() => Promise.reject(new Error()), { port: 0 });
    const error = await withServer({ port: other.port }, () => Promise.resolve()).then(
      () => assert.fail('started'),
      asToolError,
    );
    await other.close();
    assert.deepEqual([error.code, error.why], ['port-taken', 'The system error is EADDRINUSE.']);
  });
});

describe('--exchange', () => {
  const startError = (flags: Partial<TokenServerFlags>) =>
    withServer(flags, () => Promise.resolve()).then(() => assert.fail('started'), asToolError);

  const INVALID: readonly (readonly [flags: Partial<TokenServerFlags>, what: RegExp])[] = [
    [{ exchangeAudience: 'shop' }, /^--exchange-audience needs --exchange\./],
    [{ exchangeClaim: 'sub' }, /^--exchange-claim needs --exchange\./],
    [{ exchange: 'https://id.example.com' }, /^--exchange needs --exchange-audience\./],
    [{ exchange: 'https://id.example.com', exchangeAudience: ' ' }, /^--exchange-audience is blank\./],
    [{ exchange: 'https://id.example.com', exchangeAudience: 'a', exchangeClaim: '' }, /^--exchange-claim is blank\./],
  ];
  for (const [flags, what] of INVALID)
    test(`rejects ${JSON.stringify(flags)}`, async () => {
      const error = await startError(flags);
      assert.deepEqual([error.code, error.exit], ['invalid-flag', 3]);
      assert.match(error.what, what);
    });

  /** Serves a discovery document; `issuer` and `jwksUri` are appended to the origin of the server, unless they are URLs. */
  async function withDiscovery(issuer: string, jwksUri: string, use: (origin: string) => Promise<void>): Promise<void> {
    let document = '';
    const served = { 'Content-Type': 'application/json' };
    const server = await listen(() => Promise.resolve({ status: 200, headers: served, body: document }), { port: 0 });
    const origin = `http://127.0.0.1:${server.port}`;
    document = JSON.stringify({ issuer: URL.canParse(issuer) ? issuer : origin + issuer, jwks_uri: origin + jwksUri });
    await use(origin).finally(() => void server.close());
  }

  test('prints the issuer, the JWKS URL, and the audience of the provider', () =>
    withDiscovery('/', '/keys', async (exchange) => {
      const flags = { exchange, exchangeAudience: 'shop' };
      const facts = { issuer: `${exchange}/`, jwksUri: `${exchange}/keys`, audience: 'shop', subjectClaim: 'sub' };
      await withServer(flags, async (_url, document) => assert.deepEqual(document['exchange'], facts));
      await withServer({ ...flags, json: false }, async (_url, _document, printed) => {
        const shown = printed.join('\n');
        for (const text of [`issuer    "${exchange}/"`, `JWKS URL  ${exchange}/keys`, 'audience  "shop"'])
          assert.ok(shown.includes(text), shown);
      });
    }));

  test('rejects a provider that names another issuer, and shows both', () =>
    withDiscovery('https://sts.example.com/', '/keys', async (exchange) => {
      const { code, exit, why } = await startError({ exchange, exchangeAudience: 'shop' });
      assert.deepEqual([code, exit], ['invalid-flag', 3]);
      assert.ok(why.includes(`"${exchange}"`) && why.includes('"https://sts.example.com/"'), why);
    }));

  test('rejects a provider with a JWKS URL that is not usable', () =>
    withDiscovery('/', '/keys#a', async (exchange) => {
      const { code, why } = await startError({ exchange, exchangeAudience: 'shop' });
      assert.equal(code, 'invalid-flag');
      assert.match(why, /fragment/);
    }));
});

test('listens on 127.0.0.1 only', async () => {
  const server = await listen(() => Promise.reject(new Error()), { port: 0 });
  const outcome = (host: string): Promise<string> =>
    new Promise((resolve) => {
      const socket = connect({ port: server.port, host, timeout: 2_000 }, () => resolve('connected'));
      socket.on('error', () => resolve('rejected')).on('timeout', () => resolve('rejected'));
      socket.on('connect', () => socket.destroy());
    });
  // Every address in 127.0.0.0/8 reaches a server that listens on all interfaces.
  const outcomes = [await outcome('127.0.0.1'), await outcome('127.0.0.2')];
  await server.close();
  assert.deepEqual(outcomes, ['connected', 'rejected']);
});

describe('the cookie of a demo session', () => {
  const attributesOf = (header: string): readonly string[] => header.split('; ').slice(1);

  test('is sent over HTTPS only if secure, and never to scripts or other sites', () => {
    const always = ['Path=/', 'HttpOnly', 'SameSite=Lax'];
    assert.deepEqual(attributesOf(createDemoSessions().open('me')), always);
    assert.deepEqual(attributesOf(createDemoSessions({ secure: false }).open('me')), always);
    assert.deepEqual(attributesOf(createDemoSessions({ secure: true }).open('me')), [...always, 'Secure']);
  });

  test('is cleared on logout, and the session ends on the server', async () => {
    const sessions = createDemoSessions();
    const cookie = cookieIn(sessions.open('me'));
    assert.equal((await sessions.find(cookie))?.subject, 'me');
    assert.match(sessions.close(cookie), /^trial_session=; .*Max-Age=0$/);
    assert.equal(await sessions.find(cookie), undefined);
  });

  test('ends as the oldest of 1,000 sessions when another is opened', async () => {
    const sessions = createDemoSessions();
    const cookies = Array.from({ length: 1000 }, (_, index) => cookieIn(sessions.open(`c${index}`)));
    assert.equal((await sessions.find(cookies[0]))?.subject, 'c0');
    sessions.open('one more');
    assert.equal(await sessions.find(cookies[0]), undefined);
    assert.equal((await sessions.find(cookies[1]))?.subject, 'c1');
  });

  test('of another process is invalid', async () =>
    assert.equal(await createDemoSessions().find(cookieIn(createDemoSessions().open('me'))), undefined));
});

test('the rate limit keeps running windows when it removes expired ones', () => {
  const limit = createRateLimit(1, 1000);
  assert.equal(limit('kept', 500), 0);
  for (let index = 0; index < 10_001; index++) limit(`session ${index}`, 0);
  assert.equal(limit('new', 1000), 0);
  assert.equal(limit('kept', 1000), 1);
  assert.equal(limit('session 0', 1000), 0);
});

import assert from 'node:assert/strict';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { decodeJwt, SignJWT } from 'jose';
import { discoverProvider } from '../../../lib/keys';
import { createTokenExchange, type ExchangeOptions } from '../../../lib/token-server/exchange';
import type { TokenExchange } from '../../../lib/token-server/sessions';
import { keyPair } from '../jwk/test-keys';
import { logIn } from './oidc-client';
import { CLIENT, startOidcProvider } from './oidc-provider';
import { createTestEndpoint, SHOP, tokenIn, ISSUER } from './test-endpoint';

const PROVIDER = 'https://login.example.com/';

/** The handler of the server that stands for a provider. */
let handle: RequestListener;
let server: Server;
let origin: string;
before(async () => {
  server = createServer((request, response) => handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => {
  server.closeAllConnections();
  server.close();
});

/** Serves the public keys of these pairs, each under its name as kid. */
function serveKeys(...names: readonly string[]): void {
  const keys = names.map((name) => ({ ...keyPair(name).publicKey.export({ format: 'jwk' }), kid: name, use: 'sig' }));
  handle = (_request, response) => response.end(JSON.stringify({ keys }));
}

const exchangeWith = (options: Partial<ExchangeOptions> = {}): TokenExchange =>
  createTokenExchange({
    issuer: PROVIDER,
    jwksUri: `${origin}/keys`,
    audience: CLIENT.id,
    allowLoopback: true,
    cooldownMs: 0,
    ...options,
  });

const now = (): number => Math.floor(Date.now() / 1000);

/** A token of the provider. */
const providerToken = (
  claims: Readonly<Record<string, unknown>> = {},
  kid = 'first',
  alg = 'RS256',
  signer = kid,
  typ?: string,
): Promise<string> =>
  new SignJWT({
    iss: PROVIDER,
    aud: CLIENT.id,
    sub: 'user-7',
    iat: now(),
    exp: now() + 300,
    ...claims,
  })
    .setProtectedHeader({ alg, kid, ...(typ !== undefined && { typ }) })
    .sign(keyPair(signer).privateKey);

describe('a token of the provider', () => {
  test('becomes a session of its subject', async () => {
    serveKeys('first');
    const session = await exchangeWith()(await providerToken());
    assert.deepEqual(session, { id: `${PROVIDER} user-7`, subject: 'user-7' });
  });

  test('becomes a session of another claim', async () => {
    serveKeys('first');
    assert.equal((await exchangeWith({ subjectClaim: 'oid' })(await providerToken({ oid: 'o-1' })))?.subject, 'o-1');
    for (const oid of [undefined, '', ' ', 7, ['a'], 'x'.repeat(201)])
      assert.equal(await exchangeWith({ subjectClaim: 'oid' })(await providerToken({ oid })), undefined);
  });

  test('is accepted with other signature algorithms, also those that Salesforce rejects', async () => {
    serveKeys('first');
    for (const alg of ['RS384', 'PS256', 'PS512'])
      assert.ok(await exchangeWith()(await providerToken({}, 'first', alg)), alg);
  });

  test('is accepted with each type of ID tokens and access tokens', async () => {
    serveKeys('first');
    for (const typ of ['JWT', 'jwt', 'application/jwt', 'at+jwt', 'AT+JWT', 'application/at+jwt'])
      assert.ok(await exchangeWith()(await providerToken({}, 'first', 'RS256', 'first', typ)), typ);
  });

  test('is rejected with any other type', async () => {
    serveKeys('first');
    const types = [
      'logout+jwt',
      'application/logout+jwt',
      'dpop+jwt',
      'secevent+jwt',
      'Logout+JWT',
      'x+jwt',
      'JOSE',
      '',
    ];
    for (const typ of types)
      assert.equal(await exchangeWith()(await providerToken({}, 'first', 'RS256', 'first', typ)), undefined, typ);
  });

  test('is rejected if its subject has control characters or whitespace around it', async () => {
    serveKeys('first');
    for (const sub of [
      ' user-7',
      'user-7 ',
      'user-7\n',
      'user\u00007',
      'user\u00857',
      'user\t7',
      '\u00a0user',
      'a\u2028b',
      'a\ud800',
    ])
      assert.equal(await exchangeWith()(await providerToken({ sub })), undefined, JSON.stringify(sub));
    for (const sub of ['auth0|user 7', 'Zoë', '😀'])
      assert.equal((await exchangeWith()(await providerToken({ sub })))?.subject, sub);
  });

  test('is rejected if its kid belongs to a key that cannot verify', async () => {
    const { n, e } = keyPair('weak', 1024).publicKey.export({ format: 'jwk' });
    for (const key of [{ n, e }, { n: '', e }, { n: '*', e: '*' }, { e }]) {
      handle = (_request, response) => response.end(JSON.stringify({ keys: [{ kty: 'RSA', kid: 'first', ...key }] }));
      assert.equal(await exchangeWith()(await providerToken()), undefined, JSON.stringify(key));
    }
  });

  test('is accepted after the provider has rotated its key', async () => {
    serveKeys('first');
    const exchange = exchangeWith();
    assert.ok(await exchange(await providerToken()));
    serveKeys('first', 'second');
    assert.ok(await exchange(await providerToken({}, 'second')));
    assert.ok(await exchange(await providerToken()));
    serveKeys('second');
    assert.ok(await exchange(await providerToken({}, 'second')));
  });

  const hour = 3600;
  const seconds = now();
  const INVALID: Readonly<Record<string, () => Promise<string> | string>> = {
    'another issuer': () => providerToken({ iss: PROVIDER.slice(0, -1) }),
    'no issuer': () => providerToken({ iss: undefined }),
    'another client': () => providerToken({ aud: 'other' }),
    'no audience': () => providerToken({ aud: undefined }),
    expired: () => providerToken({ exp: seconds - 10 }),
    'no expiration': () => providerToken({ exp: undefined }),
    'not yet valid': () => providerToken({ nbf: seconds + hour }),
    'issued more than an hour ago': () => providerToken({ iat: seconds - hour - 60 }),
    'issued in the future': () => providerToken({ iat: seconds + hour }),
    'no time of issue': () => providerToken({ iat: undefined }),
    'an empty subject': () => providerToken({ sub: '' }),
    'another key under a known kid': () => providerToken({}, 'first', 'RS256', 'second'),
    'events, as in a logout token': () =>
      providerToken({ events: { 'http://schemas.openid.net/event/backchannel-logout': {} } }),
    'an unknown key': () => providerToken({}, 'second'),
    'a changed claim': async () => {
      const [header, , signature] = (await providerToken()).split('.');
      const claims = { ...decodeJwt(await providerToken()), sub: 'somebody-else' };
      return [header, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.');
    },
    'no signature': async () => {
      const [, claims] = (await providerToken()).split('.');
      return `${Buffer.from('{"alg":"none"}').toString('base64url')}.${claims ?? ''}.`;
    },
    'a symmetric signature with the public key': () => {
      const secret = Buffer.from(String(keyPair('first').publicKey.export({ type: 'spki', format: 'pem' })));
      return new SignJWT({ sub: 'user-7' })
        .setProtectedHeader({ alg: 'HS256', kid: 'first' })
        .setIssuer(PROVIDER)
        .setAudience(CLIENT.id)
        .setIssuedAt()
        .setExpirationTime('5m')
        .sign(secret);
    },
    'an opaque token': () => 'v1.MjAyNg',
    'an encrypted token': () => 'eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ.a.b.c.d',
  };
  for (const [what, token] of Object.entries(INVALID))
    test(`is rejected: ${what}`, async () => {
      serveKeys('first');
      assert.equal(await exchangeWith()(await token()), undefined);
    });

  test('is no session, and no rejection, while the keys of the provider cannot be read', async () => {
    for (const status of [204, 304, 401, 503]) {
      handle = (_request, response) => response.writeHead(status).end();
      await assert.rejects(exchangeWith()(await providerToken()));
    }
    handle = (_request, response) => response.destroy();
    await assert.rejects(exchangeWith()(await providerToken()));
    handle = (_request, response) => response.end('{}');
    await assert.rejects(exchangeWith()(await providerToken()));
  });
});

describe('the token endpoint with an exchange', () => {
  const request = (endpoint: ReturnType<typeof createTestEndpoint>['endpoint'], headers: object) =>
    endpoint({ method: 'POST', path: '/token', headers: { origin: SHOP, 'x-requested-with': 'chat', ...headers } });

  test('issues a token for the subject of the provider, with its own issuer', async () => {
    serveKeys('first');
    const { endpoint } = createTestEndpoint({ exchange: exchangeWith() });
    const response = await request(endpoint, { authorization: `Bearer ${await providerToken()}` });
    assert.equal(response.status, 200);
    const { sub, iss } = decodeJwt(tokenIn(response));
    assert.deepEqual([sub, iss], ['user-7', ISSUER]);
  });

  test('never falls back to the session of the cookie', async () => {
    serveKeys('first');
    const { endpoint, cookie } = createTestEndpoint({ exchange: exchangeWith() });
    for (const authorization of [`Bearer ${await providerToken({ aud: 'other' })}`, 'Bearer a b', 'Basic YTpi', ''])
      assert.equal((await request(endpoint, { authorization, cookie })).status, 401, authorization);
    assert.equal((await request(endpoint, { cookie })).status, 200);
  });

  test('ignores the header without an exchange, and does not allow it for other origins', async () => {
    const { endpoint, cookie } = createTestEndpoint();
    assert.equal((await request(endpoint, { authorization: 'Bearer x', cookie })).status, 200);
    const preflight = await endpoint({ method: 'OPTIONS', path: '/token', headers: { origin: SHOP } });
    assert.equal(preflight.headers['Access-Control-Allow-Headers'], 'x-requested-with');
  });

  test('responds with 503 while the keys of the provider cannot be read', async () => {
    handle = (_request, response) => response.writeHead(500).end();
    const { endpoint } = createTestEndpoint({ exchange: exchangeWith() });
    assert.equal((await request(endpoint, { authorization: `Bearer ${await providerToken()}` })).status, 503);
  });

  test('requires the origin and the header, and limits the tokens of a subject', async () => {
    serveKeys('first');
    const { endpoint } = createTestEndpoint({ exchange: exchangeWith(), tokensPerMinute: 1 });
    const authorization = `Bearer ${await providerToken()}`;
    assert.equal((await request(endpoint, { authorization, origin: 'https://evil.example.com' })).status, 403);
    assert.equal((await request(endpoint, { authorization, 'x-requested-with': undefined })).status, 403);
    assert.equal((await request(endpoint, { authorization })).status, 200);
    assert.equal((await request(endpoint, { authorization })).status, 429);
  });
});

test('exchanges the ID token of a login at oidc-provider, before and after the provider rotates its key', async (t) => {
  // It warns about settings that only matter in production.
  for (const method of ['info', 'warn'] as const) t.mock.method(console, method, () => undefined);
  const provider = await startOidcProvider();
  t.after(() => provider.close());
  provider.useKeys('first');
  const { issuer, jwksUri } = await discoverProvider(provider.issuer, { allowLoopback: true });
  const exchange = createTokenExchange({
    issuer,
    jwksUri,
    audience: CLIENT.id,
    allowLoopback: true,
    cooldownMs: 0,
  });
  const { endpoint } = createTestEndpoint({ exchange });
  const subjectAfterLogin = async (user: string): Promise<unknown> => {
    const authorization = `Bearer ${await logIn(issuer, CLIENT, user)}`;
    const headers = { origin: SHOP, 'x-requested-with': 'chat', authorization };
    return decodeJwt(tokenIn(await endpoint({ method: 'POST', path: '/token', headers }))).sub;
  };
  assert.equal(await subjectAfterLogin('alice'), 'alice');
  provider.useKeys('third', 'first');
  assert.equal(await subjectAfterLogin('bob'), 'bob');
  provider.useKeys('third');
  assert.equal(await subjectAfterLogin('carol'), 'carol');
});

import assert from 'node:assert/strict';
import { createPublicKey } from 'node:crypto';
import { test } from 'node:test';
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify, type JSONWebKeySet } from 'jose';
import type { HttpRequest } from '../../../lib/token-server/endpoint';
import { APP, cookieIn, CUSTOMER, ISSUER, PAIR, SHOP, signer, createTestEndpoint, tokenIn } from './test-endpoint';

const POST = { method: 'POST', path: '/token' } as const;

test('a logged-in customer gets a token that expires after 5 minutes and that the served key verifies', async () => {
  for (const algorithm of ['RS256', 'RS512'] as const) {
    const { endpoint, headers, clock } = createTestEndpoint({ signer: signer(algorithm) });
    const answer = await endpoint({ ...POST, headers });
    assert.equal(answer.status, 200);
    const jwks = await endpoint({ method: 'GET', path: '/.well-known/jwks.json', headers: {} });
    const keys = createLocalJWKSet(JSON.parse(jwks.body) as JSONWebKeySet);
    const { payload } = await jwtVerify(tokenIn(answer), keys, { issuer: ISSUER, currentDate: clock.now });
    const { jti, ...claims } = payload;
    assert.deepEqual(claims, { iss: ISSUER, sub: CUSTOMER, iat: 1767225600, exp: 1767225900 });
    assert.match(String(jti), /^[0-9a-f-]{36}$/);
    assert.deepEqual(decodeProtectedHeader(tokenIn(answer)), { alg: algorithm, kid: 'key-1', typ: 'JWT' });
  }
});

test('each token has a unique ID', async () => {
  const { endpoint, headers } = createTestEndpoint();
  const [one, other] = [await endpoint({ ...POST, headers }), await endpoint({ ...POST, headers })];
  assert.notEqual(one.body, other.body);
});

test('the JWKS document contains public members only and can be cached for an hour', async () => {
  const { endpoint } = createTestEndpoint();
  const { status, headers, body } = await endpoint({ method: 'GET', path: '/.well-known/jwks.json', headers: {} });
  const { n, e } = createPublicKey(PAIR.privateKey).export({ format: 'jwk' });
  assert.deepEqual(
    [status, JSON.parse(body)],
    [200, { keys: [{ kty: 'RSA', use: 'sig', alg: 'RS256', kid: 'key-1', n, e }] }],
  );
  assert.equal(headers['Cache-Control'], 'public, max-age=3600');
});

/** Requests that differ from those of a shop page, each with the status of the response. */
const REJECTED_REQUESTS: Readonly<Record<string, readonly [change: Partial<HttpRequest>, status: number]>> = {
  'a request without a session': [{ headers: { origin: SHOP, 'x-requested-with': 'chat' } }, 401],
  'a request without headers': [{ headers: {} }, 403],
  'a page of another site': [withHeaders({ origin: 'https://evil.example.net' }), 403],
  'a page whose origin starts with an allowed origin': [withHeaders({ origin: `${SHOP}.evil.example.net` }), 403],
  'a page of an allowed host without TLS': [withHeaders({ origin: 'http://shop.example.com' }), 403],
  'a page in a sandboxed frame': [withHeaders({ origin: 'null' }), 403],
  'two origins in one header': [withHeaders({ origin: `${SHOP}, ${APP}` }), 403],
  'a form, which sends no custom header': [withHeaders({ 'x-requested-with': undefined }), 403],
  'a request without an origin': [withHeaders({ origin: undefined }), 403],
  'a link of another site': [withHeaders({ origin: undefined, 'sec-fetch-site': 'cross-site' }), 403],
  'a page of a sibling host that is not listed': [
    withHeaders({ origin: undefined, 'sec-fetch-site': 'same-site' }),
    403,
  ],
  'a GET request': [{ method: 'GET' }, 405],
  'another path': [{ path: '/token/' }, 404],
  'an encoded path': [{ path: '/%74oken' }, 404],
};

function withHeaders(change: HttpRequest['headers']): Partial<HttpRequest> {
  return { headers: { origin: SHOP, 'x-requested-with': 'chat', cookie: 'set', ...change } };
}

for (const [name, [change, status]] of Object.entries(REJECTED_REQUESTS)) {
  test(`${name} is rejected with ${status} and an empty body`, async () => {
    const { endpoint, headers: usual, cookie } = createTestEndpoint();
    const headers = { ...(change.headers ?? usual) };
    if (headers['cookie']) headers['cookie'] = cookie;
    const answer = await endpoint({ ...POST, ...change, headers });
    assert.deepEqual([answer.status, answer.body], [status, '']);
    assert.equal(answer.headers['Cache-Control'], 'no-store');
  });
}

test('a request without Origin is accepted if Sec-Fetch-Site is same-origin', async () => {
  const { endpoint, headers } = createTestEndpoint();
  const answer = await endpoint({
    ...POST,
    headers: { ...headers, origin: undefined, 'sec-fetch-site': 'same-origin' },
  });
  assert.equal(answer.status, 200);
});

test('never responds to a token request with 304', async () => {
  const { endpoint, headers } = createTestEndpoint();
  const conditions = { 'if-none-match': '*', 'if-modified-since': new Date().toUTCString() };
  const answer = await endpoint({ ...POST, headers: { ...headers, ...conditions } });
  assert.equal(answer.status, 200);
  assert.equal(answer.headers['ETag'], undefined);
  assert.equal(answer.headers['Cache-Control'], 'no-store');
});

test('only allowed origins can read a response', async () => {
  const { endpoint, headers } = createTestEndpoint();
  const allowed = async (origin: string, method: string) =>
    (await endpoint({ ...POST, method, headers: { ...headers, origin } })).headers['Access-Control-Allow-Origin'];
  for (const method of ['POST', 'OPTIONS']) {
    assert.equal(await allowed(APP, method), APP);
    for (const origin of ['*', 'null', 'https://evil.example.net', `${APP}/`, APP.toUpperCase()])
      assert.equal(await allowed(origin, method), undefined, origin);
  }
});

test('the rate limit counts per session and minute', async () => {
  const { endpoint, headers, sessions, clock } = createTestEndpoint({ tokensPerMinute: 3 });
  const ask = async (cookie: string) => endpoint({ ...POST, headers: { ...headers, cookie } });
  for (let count = 0; count < 3; count++) assert.equal((await ask(headers.cookie)).status, 200);
  clock.now = new Date(clock.now.getTime() + 45_000);
  const refused = await ask(headers.cookie);
  assert.deepEqual([refused.status, refused.headers['Retry-After'], refused.body], [429, '15', '']);
  assert.equal((await ask(cookieIn(sessions.open('other')))).status, 200);
  clock.now = new Date(clock.now.getTime() + 15_000);
  assert.equal((await ask(headers.cookie)).status, 200);
});

test('an ended session and a cookie with one changed character have no session', async () => {
  const { endpoint, headers, sessions } = createTestEndpoint();
  const ask = async (cookie: string) => (await endpoint({ ...POST, headers: { ...headers, cookie } })).status;
  assert.equal(await ask(`theme=dark; ${headers.cookie}; lang=en`), 200);
  for (let at = 0; at < headers.cookie.length; at++) {
    const other = headers.cookie[at] === 'x' ? 'y' : 'x';
    const changed = headers.cookie.slice(0, at) + other + headers.cookie.slice(at + 1);
    // The last character of base64 has unused bits.
    if (at < headers.cookie.length - 1) assert.equal(await ask(changed), 401, `at ${at}`);
  }
  sessions.close(headers.cookie);
  assert.equal(await ask(headers.cookie), 401);
});

test('a customer with an empty subject gets no token', async () => {
  const { endpoint, headers, sessions } = createTestEndpoint();
  const cookie = cookieIn(sessions.open(' '));
  await assert.rejects(endpoint({ ...POST, headers: { ...headers, cookie } }), /needs a subject/);
});

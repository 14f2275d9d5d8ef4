import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, test } from 'node:test';
import fc from 'fast-check';
import type { HttpResponse, HttpRequest } from '../../../lib/token-server/endpoint';
import { listen } from '../../../lib/token-server/listen';
import { withDemoLogin } from '../../../lib/token-server/demo-login';
import { APP, CUSTOMER, SHOP, signer, createTestEndpoint, tokenIn } from './test-endpoint';

const { endpoint: plain, sessions, cookie, clock } = createTestEndpoint({ tokensPerMinute: 1_000_000 });
const origins = [SHOP, APP];
// A logout, or 1,000 logins, would end the session of the tests.
const login = { ...sessions, open: () => 'trial_session=other', close: () => 'trial_session=' };
const endpoint = withDemoLogin(plain, { sessions: login, origins, customers: [CUSTOMER], signer: signer() });

/** Ends a test that hangs. */
const LIMIT = { timeout: 60_000 };

/** Texts that misled servers before. */
const HOSTILE_TEXTS = [
  ...[
    '',
    'null',
    '*',
    '__proto__',
    'constructor',
    'toString',
    '\0',
    '\r\nSet-Cookie: a=b',
    '\r\nLocation: //evil',
    '//evil.example.net',
  ],
  ...[
    'https://evil.example.net',
    `${SHOP}.evil.example.net`,
    `${SHOP}@evil.example.net`,
    SHOP.toUpperCase(),
    '💥',
    '\ud800',
  ],
];
const text = fc.oneof(fc.constantFrom(...HOSTILE_TEXTS), fc.string({ unit: 'binary', maxLength: 60 }));
/** Mostly the headers of an allowed page, so that many requests get a token. */
const or = (...usual: readonly string[]) =>
  fc.option(fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...usual) }, text), { nil: undefined, freq: 8 });

const paths = [
  '/token',
  '/.well-known/jwks.json',
  '/session/',
  `/session/${CUSTOMER}`,
  '/token?return=//evil',
  '/../token',
];

const hostileRequests: fc.Arbitrary<HttpRequest> = fc.record({
  method: fc.constantFrom(
    'POST',
    'POST',
    'POST',
    'POST',
    'GET',
    'HEAD',
    'OPTIONS',
    'PUT',
    'DELETE',
    'TRACE',
    'post',
    '',
  ),
  path: fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...paths, '/token', '/token') }, text),
  headers: fc
    .record({
      origin: or(SHOP, APP),
      cookie: or(
        cookie,
        cookie,
        `a=b; ${cookie}`,
        `${cookie}x`,
        'trial_session=.',
        `trial_session=${'a'.repeat(64)}.b`,
      ),
      'x-requested-with': or('chat'),
      'sec-fetch-site': or('same-origin', 'same-site', 'cross-site', 'none'),
      host: or('shop.example.com', 'evil.example.net'),
      'if-none-match': or('*'),
      'x-forwarded-host': or('evil.example.net'),
      'x-forwarded-for': or('127.0.0.1'),
    })
    .map((headers) => headers),
});

const STATUS = [200, 204, 401, 403, 404, 405, 429];
const PUBLIC_MEMBERS = ['alg', 'e', 'kid', 'kty', 'n', 'use'];

/** Holds for each response. */
function assertSafe({ method, path, headers }: HttpRequest, answer: HttpResponse): void {
  const names = Object.keys(answer.headers).map((name) => name.toLowerCase());
  assert.ok(STATUS.includes(answer.status), `status ${answer.status}`);
  assert.ok(!names.some((name) => ['location', 'refresh', 'etag', 'last-modified', 'content-location'].includes(name)));
  const allowed = answer.headers['Access-Control-Allow-Origin'];
  assert.ok(
    allowed === undefined || (origins.includes(allowed) && allowed === headers['origin']),
    'a reflected origin',
  );
  for (const value of Object.values(answer.headers)) assert.doesNotMatch(value, /[\r\n]|evil/);
  if (answer.body === '') return;
  if (path === '/.well-known/jwks.json') return assertPublicKeys(answer.body);
  assert.deepEqual([method, path, answer.status], ['POST', '/token', 200]);
  assert.equal(answer.headers['Cache-Control'], 'no-store');
  assert.ok(headers['x-requested-with'] !== undefined && headers['cookie']?.includes(cookie));
  assert.ok(
    headers['origin'] === undefined ? headers['sec-fetch-site'] === 'same-origin' : origins.includes(headers['origin']),
  );
  assert.equal(tokenIn(answer).split('.').length, 3);
}

function assertPublicKeys(body: string): void {
  const { keys } = JSON.parse(body) as { keys: object[] };
  assert.deepEqual(
    keys.map((key) => Object.keys(key).sort()),
    [PUBLIC_MEMBERS],
  );
}

test(
  '10,000 hostile requests get no token of another session, no redirect, and no reflected origin',
  LIMIT,
  async () => {
    let tokens = 0;
    await fc.assert(
      fc.asyncProperty(hostileRequests, async (request) => {
        clock.now = new Date(clock.now.getTime() + 1);
        const answer = await endpoint(request);
        assertSafe(request, answer);
        if (answer.body.includes('identityToken')) tokens += 1;
      }),
      { numRuns: 10_000 },
    );
    assert.ok(tokens > 100, `the property was tried with only ${tokens} tokens`);
  },
);

const log: string[] = [];
const listening = listen(endpoint, { port: 0, log: (line) => void log.push(line) });
after(async () => (await listening).close());

/** Sends bytes and closes the connection; destroys it after 5 seconds, so that a server that doesn't respond can't stop the test. */
async function send(bytes: string): Promise<void> {
  const { port } = await listening;
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.end(Buffer.from(bytes, 'utf8')));
    socket.setTimeout(5_000, () => socket.destroy(new Error('no response'))).resume();
    socket.on('error', () => resolve()).on('close', () => resolve());
  });
}

const line = fc.oneof(
  fc.constantFrom(
    'Host: 127.0.0.1',
    `Origin: ${SHOP}`,
    `Cookie: ${cookie}`,
    'X-Requested-With: chat',
    'Connection: close',
  ),
  fc.constantFrom(
    'Content-Length: 5',
    'Content-Length: -1',
    'Transfer-Encoding: chunked',
    'Expect: 100-continue',
    'Upgrade: h2c',
    ' folded',
  ),
  text.map((value) => `X-Any: ${value}`),
);

const bytes = fc
  .tuple(fc.constantFrom('POST', 'GET', 'CONNECT', 'OPTIONS', 'BREW'), fc.oneof(fc.constantFrom(...paths), text))
  .chain(([method, path]) =>
    fc.array(line, { maxLength: 8 }).map((lines) => [`${method} ${path} HTTP/1.1`, ...lines, '', 'body'].join('\r\n')),
  );

test('1,000 malformed requests leave the server running and no customer data in its log', LIMIT, async () => {
  await fc.assert(fc.asyncProperty(bytes, send), { numRuns: 1_000 });
  const headers = { Origin: SHOP, Cookie: cookie, 'X-Requested-With': 'chat' };
  const answer = await fetch(`http://127.0.0.1:${(await listening).port}/token?${cookie}`, { method: 'POST', headers });
  assert.equal(answer.status, 200);
  const { identityToken: token } = (await answer.json()) as { readonly identityToken: string };
  const logged = log.join('\n');
  for (const secret of [...token.split('.'), cookie, CUSTOMER, 'evil']) assert.ok(!logged.includes(secret), secret);
  log.forEach((entry) => assert.match(entry, /^[A-Z-]+ (\/token|\/session|\/\.well-known|\(unknown path\)) \d{3}$/));
});

test('an exception is a 500 with an empty body, and its message is not logged', LIMIT, async () => {
  const lines: string[] = [];
  const failing = await listen(() => Promise.reject(new TypeError('the token eyJ')), {
    port: 0,
    log: (entry) => void lines.push(entry),
  });
  const answer = await fetch(`http://127.0.0.1:${failing.port}/token`, { method: 'POST' });
  assert.deepEqual([answer.status, await answer.text()], [500, '']);
  assert.match(lines.join('\n'), /^TypeError in the session lookup or the signer\nPOST \/token 500$/);
  assert.doesNotMatch(lines.join('\n'), /eyJ/);
  await failing.close();
});

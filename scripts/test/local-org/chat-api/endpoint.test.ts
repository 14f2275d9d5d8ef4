import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import type { ChatApiSettings } from '../../../local-org/index';
import { REJECTIONS } from '../../../local-org/chat-api/rejection';
import { CHAT_PATHS, startTestChat, type Chat } from './chat';
import { createSigner, type Signer } from './signer';

interface Endpoint {
  readonly url: string;
  fetches: number;
  answer: RequestListener;
}

async function startEndpoint(t: TestContext, answer: RequestListener): Promise<Endpoint> {
  const server = createServer((request, response) => {
    endpoint.fetches++;
    endpoint.answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`;
  const endpoint: Endpoint = { url, fetches: 0, answer };
  return endpoint;
}

const jwksOf = (...signers: readonly Signer[]) =>
  JSON.stringify({ keys: signers.map(({ jwk: { kty, kid, n, e } }) => ({ kty, kid, n, e })) });

const respondWith =
  (body: string): RequestListener =>
  (_request, response) =>
    void response.end(body);

interface TestSetup {
  readonly chat: Chat;
  readonly endpoint: Endpoint;
  readonly pass: (milliseconds: number) => void;
}

/** An org whose clock the test moves, with a keyset that points to an endpoint. */
async function startSetup(t: TestContext, chatApi: Partial<ChatApiSettings> = {}): Promise<TestSetup> {
  let later = 0;
  const signer = await createSigner();
  const endpoint = await startEndpoint(t, respondWith(jwksOf(signer)));
  const chat = await startTestChat(t, { chatApi, now: () => new Date(Date.now() + later) }, signer);
  chat.org.edit(CHAT_PATHS.keyset, (xml) =>
    xml
      .replace(
        /<publicKeyCertificateSetKeys>.*<\/publicKeyCertificateSetKeys>/,
        `<jwksEndPoint>${endpoint.url}</jwksEndPoint>`,
      )
      .replace('>JWKS<', '>JWKS_URL<'),
  );
  return { chat, endpoint, pass: (milliseconds) => void (later += milliseconds) };
}

const exp = Math.floor(Date.now() / 1000) + 24 * 60 * 60;

test('keys of an endpoint need no certificate, are fetched once, and again when they are old', async (t) => {
  const { chat, endpoint, pass } = await startSetup(t, { jwksCache: 60_000 });
  const all = await Promise.all([1, 2, 3].map(() => chat.exchange(chat.token({ exp }))));
  assert.deepEqual(
    all.map(({ status }) => status),
    [200, 200, 200],
  );
  assert.equal(endpoint.fetches, 1);
  pass(59_000);
  assert.equal((await chat.exchange(chat.token({ exp }))).status, 200);
  assert.equal(endpoint.fetches, 1);
  pass(2_000);
  assert.equal((await chat.exchange(chat.token({ exp }))).status, 200);
  assert.equal(endpoint.fetches, 2);
});

test('an unknown kid makes the org fetch again, at most once in a while', async (t) => {
  const { chat, endpoint, pass } = await startSetup(t, { jwksRefetch: 5_000 });
  assert.equal((await chat.exchange(chat.token({ exp }))).status, 200);
  const next = await createSigner('key-2');
  endpoint.answer = respondWith(jwksOf(chat.signer, next));
  const askNext = () => chat.exchange(chat.token({ exp }, { kid: 'key-2' }, next.privateKey));
  assert.equal((await askNext()).body.message, REJECTIONS.kid.message);
  assert.equal(endpoint.fetches, 1);
  pass(5_000);
  assert.equal((await askNext()).status, 200);
  assert.equal(endpoint.fetches, 2);
});

test('an org may also never fetch again before its copy is old', async (t) => {
  const { chat, endpoint, pass } = await startSetup(t, { jwksRefetch: 'off', jwksCache: 60_000 });
  await chat.exchange(chat.token({ exp }));
  const next = await createSigner('key-2');
  endpoint.answer = respondWith(jwksOf(chat.signer, next));
  pass(59_000);
  assert.equal((await chat.exchange(chat.token({ exp }, { kid: 'key-2' }, next.privateKey))).status, 401);
  assert.equal(endpoint.fetches, 1);
});

const BROKEN: Readonly<Record<string, RequestListener>> = {
  'answers 403': (_request, response) => void response.writeHead(403).end(),
  redirects: (_request, response) => void response.writeHead(302, { location: '/elsewhere' }).end(),
  'hangs up': (request) => void request.socket.destroy(),
  'never answers': () => undefined,
  'serves HTML': respondWith('<html>'),
  'serves a key without a list': respondWith('{"kty":"RSA"}'),
  'serves nothing but null': respondWith('null'),
  'serves a list of nulls': respondWith('{"keys":[null]}'),
  'serves half a megabyte': respondWith(JSON.stringify({ keys: [], more: 'x'.repeat(512 * 1024) })),
};

for (const [what, answer] of Object.entries(BROKEN)) {
  test(`an endpoint that ${what} verifies nobody, until it is mended`, async (t) => {
    const { chat, endpoint } = await startSetup(t, { jwksTimeout: 300 });
    const mended = endpoint.answer;
    endpoint.answer = answer;
    const { status, body } = await chat.exchange(chat.token());
    assert.deepEqual([status, body.message], [401, REJECTIONS.endpoint.message]);
    endpoint.answer = mended;
    assert.equal((await chat.exchange(chat.token())).status, 200);
  });
}

test('http is for loopback only', async (t) => {
  const { chat, endpoint } = await startSetup(t);
  for (const url of ['http://id.example.com/jwks', 'ftp://127.0.0.1/jwks', 'no URL']) {
    chat.org.edit(CHAT_PATHS.keyset, (xml) =>
      xml.replace(/<jwksEndPoint>.*<\/jwksEndPoint>/, `<jwksEndPoint>${url}</jwksEndPoint>`),
    );
    assert.equal((await chat.exchange(chat.token())).body.message, REJECTIONS.endpoint.message);
  }
  assert.equal(endpoint.fetches, 0);
});

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
  respond: RequestListener;
}

async function startEndpoint(t: TestContext, respond: RequestListener): Promise<Endpoint> {
  const server = createServer((request, response) => {
    endpoint.fetches++;
    endpoint.respond(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`;
  const endpoint: Endpoint = { url, fetches: 0, respond };
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
  readonly advance: (milliseconds: number) => void;
}

/** Starts an org with a clock that the test advances, and with a keyset that has an endpoint. */
async function startSetup(t: TestContext, chatApi: Partial<ChatApiSettings> = {}): Promise<TestSetup> {
  let offset = 0;
  const signer = await createSigner();
  const endpoint = await startEndpoint(t, respondWith(jwksOf(signer)));
  const chat = await startTestChat(t, { chatApi, now: () => new Date(Date.now() + offset) }, signer);
  chat.org.edit(CHAT_PATHS.keyset, (xml) =>
    xml
      .replace(
        /<publicKeyCertificateSetKeys>.*<\/publicKeyCertificateSetKeys>/,
        `<jwksEndPoint>${endpoint.url}</jwksEndPoint>`,
      )
      .replace('>JWKS<', '>JWKS_URL<'),
  );
  return { chat, endpoint, advance: (milliseconds) => void (offset += milliseconds) };
}

const exp = Math.floor(Date.now() / 1000) + 24 * 60 * 60;

test('accepts endpoint keys without a certificate, and requests them again when the cache expires', async (t) => {
  const { chat, endpoint, advance } = await startSetup(t, { jwksCache: 60_000 });
  const all = await Promise.all([1, 2, 3].map(() => chat.exchange(chat.token({ exp }))));
  assert.deepEqual(
    all.map(({ status }) => status),
    [200, 200, 200],
  );
  assert.equal(endpoint.fetches, 1);
  advance(59_000);
  assert.equal((await chat.exchange(chat.token({ exp }))).status, 200);
  assert.equal(endpoint.fetches, 1);
  advance(2_000);
  assert.equal((await chat.exchange(chat.token({ exp }))).status, 200);
  assert.equal(endpoint.fetches, 2);
});

test('requests the keys again for an unknown kid, at most once in jwksRefetch', async (t) => {
  const { chat, endpoint, advance } = await startSetup(t, { jwksRefetch: 5_000 });
  assert.equal((await chat.exchange(chat.token({ exp }))).status, 200);
  const next = await createSigner('key-2');
  endpoint.respond = respondWith(jwksOf(chat.signer, next));
  const exchangeNext = () => chat.exchange(chat.token({ exp }, { kid: 'key-2' }, next.privateKey));
  assert.equal((await exchangeNext()).body.message, REJECTIONS.kid.message);
  assert.equal(endpoint.fetches, 1);
  advance(5_000);
  assert.equal((await exchangeNext()).status, 200);
  assert.equal(endpoint.fetches, 2);
});

test('jwksRefetch=off requests the keys again only when the cache expires', async (t) => {
  const { chat, endpoint, advance } = await startSetup(t, { jwksRefetch: 'off', jwksCache: 60_000 });
  await chat.exchange(chat.token({ exp }));
  const next = await createSigner('key-2');
  endpoint.respond = respondWith(jwksOf(chat.signer, next));
  advance(59_000);
  assert.equal((await chat.exchange(chat.token({ exp }, { kid: 'key-2' }, next.privateKey))).status, 401);
  assert.equal(endpoint.fetches, 1);
});

const FAULTY_ENDPOINTS: Readonly<Record<string, RequestListener>> = {
  'returns status 403': (_request, response) => void response.writeHead(403).end(),
  redirects: (_request, response) => void response.writeHead(302, { location: '/elsewhere' }).end(),
  'closes the connection': (request) => void request.socket.destroy(),
  'never responds': () => undefined,
  'returns HTML': respondWith('<html>'),
  'returns a key without a list': respondWith('{"kty":"RSA"}'),
  'returns null': respondWith('null'),
  'returns a list of nulls': respondWith('{"keys":[null]}'),
  'returns 512 KB': respondWith(JSON.stringify({ keys: [], more: 'x'.repeat(512 * 1024) })),
};

for (const [behavior, respond] of Object.entries(FAULTY_ENDPOINTS)) {
  test(`rejects tokens while an endpoint ${behavior}, and accepts them after that`, async (t) => {
    const { chat, endpoint } = await startSetup(t, { jwksTimeout: 300 });
    const working = endpoint.respond;
    endpoint.respond = respond;
    const { status, body } = await chat.exchange(chat.token());
    assert.deepEqual([status, body.message], [401, REJECTIONS.endpoint.message]);
    endpoint.respond = working;
    assert.equal((await chat.exchange(chat.token())).status, 200);
  });
}

test('accepts http on loopback only', async (t) => {
  const { chat, endpoint } = await startSetup(t);
  for (const url of ['http://id.example.com/jwks', 'ftp://127.0.0.1/jwks', 'no URL']) {
    chat.org.edit(CHAT_PATHS.keyset, (xml) =>
      xml.replace(/<jwksEndPoint>.*<\/jwksEndPoint>/, `<jwksEndPoint>${url}</jwksEndPoint>`),
    );
    assert.equal((await chat.exchange(chat.token())).body.message, REJECTIONS.endpoint.message);
  }
  assert.equal(endpoint.fetches, 0);
});

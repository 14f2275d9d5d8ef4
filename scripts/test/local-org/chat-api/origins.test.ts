import assert from 'node:assert/strict';
import { test } from 'node:test';
import { originXml } from '../samples';
import { startTestChat, type Chat } from './chat';
import { createSigner } from './signer';

const signer = createSigner();
const CONFIG = '/embeddedservice/v1/embedded-service-config';

async function sharedWith(chat: Chat, origin: string, method = 'GET'): Promise<string | null> {
  const response = await fetch(chat.org.url + CONFIG, { method, headers: { origin } });
  return response.headers.get('access-control-allow-origin');
}

async function listing(chat: Chat, pattern: string): Promise<void> {
  await chat.client.deploy({ 'corsWhitelistOrigins/Site.corsWhitelistOrigin': originXml(pattern) });
}

for (const [pattern, origin, shared] of [
  ['https://shop.example.com', 'https://shop.example.com', true],
  ['https://shop.example.com', 'https://SHOP.example.com', true],
  ['https://shop.example.com', 'https://shop.example.com:8443', false],
  ['https://shop.example.com', 'http://shop.example.com', false],
  ['https://shop.example.com', 'https://shop.example.com.evil.example', false],
  ['https://*.example.com', 'https://a.b.example.com', true],
  ['https://*.example.com', 'https://example.com', false],
  ['https://*.example.com', 'https://evilexample.com', false],
  ['https://*.example.com', 'https://.example.com', false],
  ['https://shop.example.com:8443', 'https://shop.example.com:8443', true],
] as const) {
  test(`a CORS list with ${pattern} ${shared ? 'allows' : 'does not allow'} ${origin}`, async (t) => {
    const chat = await startTestChat(t, {}, await signer);
    await listing(chat, pattern);
    assert.equal(await sharedWith(chat, origin), shared ? origin : null);
  });
}

test('allows pages on loopback unless loopbackOrigins is off', async (t) => {
  const open = await startTestChat(t, {}, await signer);
  const strict = await startTestChat(t, { chatApi: { loopbackOrigins: false } }, await signer);
  for (const origin of ['http://localhost:3000', 'http://127.0.0.1:8080', 'https://[::1]']) {
    assert.equal(await sharedWith(open, origin), origin);
    assert.equal(await sharedWith(strict, origin), null);
  }
  assert.equal(await sharedWith(open, 'http://localhost.example.com'), null);
});

test('responds to a preflight request with methods and headers', async (t) => {
  const chat = await startTestChat(t, {}, await signer);
  const headers = { origin: 'http://localhost:3000', 'access-control-request-method': 'POST' };
  const response = await fetch(`${chat.org.url}/iamessage/v1/conversation`, { method: 'OPTIONS', headers });
  assert.equal(response.status, 204);
  assert.match(response.headers.get('access-control-allow-headers') ?? '', /authorization, content-type/);
  assert.equal(response.headers.get('access-control-allow-origin'), 'http://localhost:3000');
  const rest = await fetch(`${chat.org.url}/services/data`, { headers });
  assert.equal(rest.headers.get('access-control-allow-origin'), null);
});

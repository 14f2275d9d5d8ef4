import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { test } from 'node:test';
import { REJECTIONS } from '../../../local-org/chat-api/rejection';
import { startTestChat, decodeClaims, type ChatApiReply } from './chat';
import { V2 } from './conversation-api';
import { REJECTION_CASES } from './rejection-cases';
import { createSigner } from './signer';

const signer = createSigner();

for (const { reason, title, send } of REJECTION_CASES) {
  test(`rejects ${title}: ${reason}`, async (t) => {
    const chat = await startTestChat(t, {}, await signer);
    const { status, body } = await send(chat);
    const { status: expected, message } = REJECTIONS[reason];
    assert.deepEqual([status, body.message], [expected, message]);
    assert.deepEqual(chat.org.log.at(-1)?.detail, { granted: false, reason });
    assert.equal(body.accessToken, undefined);
  });
}

test('rejects a token whose key has an expired certificate', async (t) => {
  let now = new Date();
  const chat = await startTestChat(t, { now: () => now }, await createSigner('key-1', 20));
  now = new Date(Date.now() + 21 * 24 * 60 * 60 * 1000);
  const { status, body } = await chat.exchange(chat.token({ exp: now.getTime() / 1000 + 60 }));
  assert.deepEqual([status, body.message], [401, REJECTIONS['expired-certificate'].message]);
});

// RFC 7519, section 4.1.4: a token must not be accepted on or after its expiration.
test('accepts a token until its last second, and rejects it when it expires', async (t) => {
  const now = new Date('2026-06-01T12:00:00Z');
  const chat = await startTestChat(t, { now: () => now }, await signer);
  const seconds = now.getTime() / 1000;
  assert.equal((await chat.exchange(chat.token({ exp: seconds + 1 }))).status, 200);
  const { status, body } = await chat.exchange(chat.token({ exp: seconds }));
  assert.deepEqual([status, body.message], [REJECTIONS.expiry.status, REJECTIONS.expiry.message]);
});

const AFTER_THE_EXCHANGE = [
  'access-token',
  'org-header',
  'stream-headers',
  'conversation-id',
  'conversation-id-case',
  'conversation-id-in-use',
  'conversation',
  'conversation-ended',
];
const BY_ANSWER = ['audience', 'issued-later', 'distant-exp', 'reused'];
const ON_ITS_OWN = [
  ...['expired-certificate', 'endpoint', 'refresh-token'],
  ...['token-limit', 'renewal-limit', 'conversation-limit', 'message-limit'],
  ...BY_ANSWER,
];

test('has a case for each rejection of a token request', () => {
  const covered = new Set([...REJECTION_CASES.map(({ reason }) => reason), ...AFTER_THE_EXCHANGE, ...ON_ITS_OWN]);
  assert.deepEqual(
    Object.keys(REJECTIONS).filter((reason) => !covered.has(reason)),
    [],
  );
});

test('rejects what the answers to open questions exclude', async (t) => {
  const answers = { aud: 'required', iat: 'checked', 'longest-exp': '1h', 'token-reuse': 'rejected' };
  const chat = await startTestChat(t, { answers }, await signer);
  const now = Math.floor(Date.now() / 1000);
  const aud = chat.org.url;
  const valid = chat.token({ aud });
  const tokens = [
    chat.token(),
    chat.token({ aud, iat: now + 600 }),
    chat.token({ aud, exp: now + 7200 }),
    valid,
    valid,
  ];
  const messages: unknown[] = [];
  for (const token of tokens) messages.push((await chat.exchange(token)).body.message);
  const { audience, 'issued-later': later, 'distant-exp': distant, reused } = REJECTIONS;
  assert.deepEqual(messages, [audience.message, later.message, distant.message, undefined, reused.message]);
});

test('badToken=unverified returns status 200 and an unverified subject', async (t) => {
  const chat = await startTestChat(t, { chatApi: { badToken: 'unverified' } }, await signer);
  const { status, body } = await chat.exchange(chat.token({ iss: 'https://elsewhere.example.com' }));
  assert.equal(status, 200);
  assert.match(String(decodeClaims(body.accessToken)['sub']), /^v2\/iamessage\/ANON\/[\da-f-]{36}$/);
});

test('tokenLimit rejects further token requests with 429 until the period has passed, and nothing else', async (t) => {
  let now = new Date();
  const chatApi = { tokenLimit: { requests: 3, milliseconds: 60_000 } };
  const chat = await startTestChat(t, { chatApi, now: () => now }, await signer);
  const exchange = () => chat.exchange(chat.token({ exp: now.getTime() / 1000 + 60 }));
  const requests = [
    exchange(),
    chat.exchange('x'),
    chat.requestUnverifiedToken(),
    exchange(),
    chat.requestUnverifiedTokenV1(),
  ];
  const statuses = (await Promise.all(requests)).map(({ status }) => status);
  assert.deepEqual(statuses.sort(), [...statuses.filter((status) => status !== 429).sort(), 429, 429]);
  const rejected = await exchange();
  assert.deepEqual(
    [rejected.status, rejected.body.message, rejected.body['code']],
    [429, REJECTIONS['token-limit'].message, 'TOO_MANY_REQUESTS'],
  );
  assert.equal((await chat.config()).status, 200);
  now = new Date(now.getTime() + 60_000);
  assert.equal((await exchange()).status, 200);
});

test('limits renewals, conversations, and messages as documented, each owner for itself', async (t) => {
  let now = new Date();
  const limit = (requests: number, seconds: number) => ({ requests, milliseconds: seconds * 1_000 });
  const chatApi = { renewalLimit: limit(200, 60), conversationLimit: limit(3, 30), messageLimit: limit(22, 60) };
  const chat = await startTestChat(t, { chatApi, now: () => now }, await signer);
  const token = async (sub: string): Promise<string> =>
    (await chat.exchange(chat.token({ sub, exp: now.getTime() / 1000 + 600 }))).body.accessToken ?? '';
  const expectLimit = ({ status, body }: ChatApiReply, reason: 'conversation-limit' | 'message-limit'): void =>
    assert.deepEqual([status, body.message], [429, REJECTIONS[reason].message]);
  const [ada, bob] = [await token('ada'), await token('bob')];
  const id = randomUUID();
  for (let count = 0; count < 3; count++) assert.equal((await V2.open(chat, ada, id)).status, 201);
  expectLimit(await V2.open(chat, ada, id), 'conversation-limit');
  assert.equal((await V2.open(chat, bob, randomUUID())).status, 201);
  for (let count = 0; count < 22; count++) assert.equal((await V2.write(chat, ada, id, 'Hello')).status, 202);
  expectLimit(await V2.write(chat, ada, id, 'Hello'), 'message-limit');
  now = new Date(now.getTime() + 60_000);
  assert.equal((await V2.open(chat, ada, id)).status, 201);
  assert.equal((await V2.write(chat, ada, id, 'Hello')).status, 202);
  const renew = () => chat.call('POST', '/iamessage/v1/authorization/renewToken', { refreshToken: 'x' });
  const replies = await Promise.all(Array.from({ length: 201 }, renew));
  const rejected = replies.filter(({ status }) => status === 429);
  assert.deepEqual(
    rejected.map(({ body }) => body.message),
    [REJECTIONS['renewal-limit'].message],
  );
  const unused = replies.find(({ status }) => status !== 429);
  assert.deepEqual([unused?.status, unused?.body.message], [401, REJECTIONS['refresh-token'].message]);
});

test('lists each rejection in README.md, and no other', () => {
  const readme = readFileSync(join(__dirname, '../../../local-org/README.md'), 'utf8');
  const rows = [...readme.matchAll(/^\| `([\w-]+)` +\| (\d{3}) +\| (.+?) +\| (.+?) +\|$/gm)];
  const written = rows.map(([, reason, status, message, source]) => [reason, Number(status), message, source]);
  const known = Object.entries(REJECTIONS).map(([reason, { status, message, source }]) => [
    reason,
    status,
    message,
    source === 'no source' ? '-' : source,
  ]);
  assert.deepEqual(written, known);
});

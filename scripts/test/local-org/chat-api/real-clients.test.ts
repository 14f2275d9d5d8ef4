import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { CHAT_PATHS, startTestChat, type Chat, type ChatApiReply } from './chat';
import { message, openEventStream } from './conversation-api';
import { createSigner } from './signer';

const signer = createSigner();
const esDeveloperName = 'Web';
const ORIGIN = 'https://shop.example.com';

type Body = Readonly<Record<string, unknown>>;

/** The requests of one client with one access token. Each must succeed: the clients sign out on status 401. */
class Caller {
  readonly #chat: Chat;
  #token = '';

  constructor(chat: Chat) {
    this.#chat = chat;
  }

  signIn({ status, body }: ChatApiReply): ChatApiReply['body'] {
    assert.equal(status, 200, String(body.message));
    this.#token = body.accessToken ?? '';
    return body;
  }

  get token(): string {
    return this.#token;
  }

  async call(method: string, path: string, body?: unknown, expected = [200, 201, 202, 204]): Promise<Body> {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${this.#token}` };
    const { status, body: reply } = await this.#chat.call(method, path, body, headers);
    assert.ok(expected.includes(status), `${method} ${path}: ${status} ${String(reply.message)}`);
    return reply;
  }
}

interface ListedEntry {
  readonly entryType: string;
  readonly sender: { readonly role: string };
  readonly entryPayload: { readonly abstractMessage?: { readonly staticContent: { readonly text: string } } };
}

const texts = (entries: unknown): string[] =>
  (entries as ListedEntry[]).map(
    ({ entryType, sender: { role }, entryPayload: { abstractMessage } }) =>
      `${role} ${abstractMessage?.staticContent.text ?? entryType}`,
  );

/** Asks as a browser does before a request to another origin, and returns whether the browser then sends it. */
async function preflight(chat: Chat, path: string, method: string, headers: string): Promise<boolean> {
  const response = await fetch(chat.org.url + path, {
    method: 'OPTIONS',
    headers: {
      origin: ORIGIN,
      'access-control-request-method': method,
      'access-control-request-headers': headers,
    },
  });
  const allowed = (response.headers.get('access-control-allow-headers') ?? '').split(/, ?/);
  return (
    response.headers.get('access-control-allow-origin') === ORIGIN &&
    (response.headers.get('access-control-allow-methods') ?? '').includes(method) &&
    headers.split(',').every((header) => allowed.includes(header))
  );
}

async function startChat(t: { after(done: () => Promise<void>): void }, verified: boolean): Promise<Chat> {
  const chat = await startTestChat(t, {}, await signer);
  if (!verified) chat.org.edit(CHAT_PATHS.channel, (xml) => xml.replace('>Auth<', '>UnAuth<'));
  const urlPattern = `<urlPattern>${ORIGIN}</urlPattern>`;
  await chat.client.deploy({
    'corsWhitelistOrigins/Shop.corsWhitelistOrigin': `<CorsWhitelistOrigin xmlns="http://soap.sforce.com/2006/04/metadata">${urlPattern}</CorsWhitelistOrigin>`,
  });
  return chat;
}

/*
 * The requests of Salesforce's Web API sample app (Salesforce-Async-Messaging/messaging-web-api-sample-app, December 2025), in its
 * order and form: messagingService.js, eventSourceService.js, conversation.js. The app chats as an unverified user; an app for a
 * verified user differs in the first request only.
 */
for (const verified of [false, true])
  test(`serves the sample app of Salesforce to ${verified ? 'a verified' : 'an unverified'} user`, async (t) => {
    const chat = await startChat(t, verified);
    const app = new Caller(chat);
    const v2 = '/iamessage/api/v2';
    const kind = verified ? 'authenticated' : 'unauthenticated';
    assert.ok(await preflight(chat, `${v2}/authorization/${kind}/access-token`, 'POST', 'content-type'));
    const signedIn = app.signIn(await (verified ? chat.exchange(chat.token()) : chat.requestUnverifiedToken()));
    const conversationId = randomUUID();
    await app.call('POST', `${v2}/conversation`, { esDeveloperName, conversationId });

    const stream = '/eventrouter/v1/sse?_ts=1764000000000';
    assert.ok(await preflight(chat, stream, 'GET', 'authorization,cache-control,last-event-id,x-org-id'));
    const heard = await openEventStream(t, chat, app.token, String(signedIn['lastEventId']));
    const base = `${v2}/conversation/${conversationId}`;
    assert.ok(await preflight(chat, `${base}/entry`, 'POST', 'authorization,content-type'));
    await app.call('POST', `${base}/entry`, { entryType: 'TypingStartedIndicator', id: randomUUID() });
    await app.call('POST', `${base}/message`, {
      message: message('Hello'),
      isNewMessagingSession: true,
      esDeveloperName,
      language: 'en_US',
    });
    await app.call('POST', `${base}/entry`, { entryType: 'TypingStoppedIndicator', id: randomUUID() });
    assert.equal((await heard.first(5)).at(-1)?.type, 'CONVERSATION_MESSAGE');

    // The page is loaded again.
    app.signIn(await chat.continueSession(app.token));
    const listed = await app.call('GET', `${v2}/conversation/list?inclClosedConvs=false&limit=20`);
    assert.deepEqual(
      (listed['conversations'] as Body[]).map((conversation) => conversation['conversationId']),
      [conversationId],
    );
    const filter = 'Message,ParticipantChanged,RoutingResult';
    const { conversationEntries } = await app.call('GET', `${base}/entries?limit=50&entryTypeFilter=${filter}`);
    assert.deepEqual(texts((conversationEntries as unknown[]).reverse()), [
      'System RoutingResult',
      'System ParticipantChanged',
      'EndUser Hello',
      'Agent You wrote: Hello',
    ]);
    assert.ok(await preflight(chat, base, 'DELETE', 'authorization,content-type'));
    await app.call('DELETE', `${base}?esDeveloperName=${esDeveloperName}`);
    assert.match(await platformKey(chat), verified ? /^v2\/iamessage\/AUTH\/Customer\/uid:ada$/ : /\/UNAUTH\/NA\/uid:/);
  });

async function platformKey(chat: Chat): Promise<string> {
  const { records } = await chat.client.query('SELECT MessagingPlatformKey FROM MessagingEndUser');
  return String(records[0]?.['MessagingPlatformKey']);
}

/*
 * The requests that the API reference has and the sample app doesn't send, in the form of a public client of the v2 API
 * (MessagingInAppWeb).
 */
test('serves the other requests of the v2 API', async (t) => {
  const chat = await startChat(t, true);
  const app = new Caller(chat);
  app.signIn(await chat.exchange(chat.token()));
  const conversationId = randomUUID();
  const base = `/iamessage/api/v2/conversation/${conversationId}`;
  await app.call('POST', '/iamessage/api/v2/conversation', { esDeveloperName, conversationId });
  assert.equal((await app.call('GET', base))['routingStatus'], 'ROUTED');
  const sent = await app.call('POST', `${base}/message`, { message: message('Hello'), esDeveloperName });
  const [{ id: conversationEntryId } = {}] = sent['conversationEntries'] as Body[];
  const receipt = (entryType: string) => ({ id: randomUUID(), entryType, conversationEntryId });
  await app.call('POST', `${base}/acknowledge-entries`, { acks: [receipt('Delivery'), receipt('Read')] });
  await app.call('POST', `${base}/acknowledge-entries`, { acks: [] }, [400]);
  await app.call('POST', `${base}/entry`, { entryType: 'Message', id: randomUUID() }, [400]);
  await sendFile(chat, app.token, base, 'fileData', {
    esDeveloperName,
    message: { id: randomUUID(), fileId: 'f', text: 'A map' },
  });
  const noMessage = new FormData();
  noMessage.append('messageEntry', JSON.stringify({ esDeveloperName }));
  noMessage.append('fileData', new Blob(['x']), 'x.png');
  const rejected = await fetch(`${chat.org.url}${base}/file`, {
    method: 'POST',
    headers: { authorization: `Bearer ${app.token}` },
    body: noMessage,
  });
  assert.equal(rejected.status, 400);
  const transcript = await fetch(`${chat.org.url}${base}/transcript`, {
    headers: { authorization: `Bearer ${app.token}` },
  });
  assert.equal(transcript.headers.get('content-type'), 'application/pdf');
  assert.match(await transcript.text(), /^%PDF-1\.4\n[^]*EndUser: A map\) Tj[^]*%%EOF\n$/);
  await app.call('DELETE', `${base}/session?esDeveloperName=${esDeveloperName}`);
  assert.equal((await app.call('GET', `${base}/routing-status`))['routingStatus'], 'NEEDS_ROUTING');
  // Only the session has ended: the next message starts another one.
  await app.call('POST', `${base}/message`, { message: message('Again'), esDeveloperName });
  assert.deepEqual(
    texts((await app.call('GET', `${base}/entries?limit=2&entryTypeFilter=Message`))['conversationEntries']),
    ['Agent You wrote: Again', 'EndUser Again'],
  );
});

async function sendFile(chat: Chat, token: string, base: string, part: string, entry: object): Promise<void> {
  const form = new FormData();
  form.append('messageEntry', new Blob([JSON.stringify(entry)], { type: 'application/json' }));
  form.append(part, new Blob(['a map'], { type: 'image/png' }), 'map.png');
  const headers = { authorization: `Bearer ${token}` };
  const { status } = await fetch(`${chat.org.url}${base}/file`, { method: 'POST', headers, body: form });
  assert.ok([200, 202].includes(status), String(status));
}

const V1 = '/iamessage/v1';
const DEVICE_QUERY = '?AppName=Shop&DeviceType=Pixel&Os=Android&OsVersion=16&ClientVersion=1.10.2';

/*
 * The requests of the Android SDK, in the form of its public Retrofit interfaces AuthorizationApi and RestApi (package
 * com.salesforce.android.smi.remote.internal): the parameters of the device are in the query, those of lists in the body.
 */
for (const verified of [false, true])
  test(`serves the Android SDK to ${verified ? 'a verified' : 'an unverified'} user`, async (t) => {
    const chat = await startChat(t, verified);
    const app = new Caller(chat);
    const device = { deviceId: randomUUID(), capabilitiesVersion: '260' };
    const body = { orgId: chat.org.orgId, developerName: esDeveloperName, ...device };
    const identity = { authorizationType: 'JWT', customerIdentityToken: chat.token() };
    const path = verified ? 'authenticated/accessToken' : 'unauthenticated/persistedToken';
    const request = verified ? { ...body, ...identity } : body;
    const signedIn = app.signIn(await chat.call('POST', `${V1}/authorization/${path}${DEVICE_QUERY}`, request));
    await app.call('POST', `${V1}/device/registerDeviceCapabilities`, { pushServiceProvider: 'FCM' });
    await app.call('POST', `${V1}/device/registerDeviceCapabilities`, { deviceToken: 'x', pushServiceProvider: 'FCM' });
    assert.deepEqual(
      (await app.call('POST', `${V1}/queries/conversation/list`, { limit: 100, includeClosedConversations: true }))[
        'conversations'
      ],
      [],
    );

    const conversationId = randomUUID();
    const base = `${V1}/conversation/${conversationId}`;
    await app.call('POST', `${V1}/conversation`, { conversationId, routingAttributes: {}, language: 'en_US' });
    const heard = await openEventStream(t, chat, app.token, String(signedIn['lastEventId']));
    await app.call('POST', `${base}/entry`, { entryType: 'TypingStartedIndicator' });
    await app.call('POST', `${base}/message`, message('Hello'));
    const answer = (await heard.first(5)).at(-1);
    const { conversationEntry } = JSON.parse(answer?.data ?? '') as { conversationEntry: { identifier: string } };
    const receipt = { conversationEntryId: conversationEntry.identifier };
    await app.call('POST', `${base}/deliveryAcknowledgeEntries`, { acks: [receipt] });
    await app.call('POST', `${base}/readAcknowledgeEntry`, receipt);
    await sendFile(chat, app.token, base, 'file', { id: randomUUID(), fileId: randomUUID(), text: 'A map' });
    const query = { limit: 3, direction: 'FromEnd', entryTypeFilter: ['Message'] };
    const { conversationEntries } = await app.call(
      'POST',
      `${V1}/queries/conversation/${conversationId}/entries`,
      query,
    );
    assert.deepEqual(texts(conversationEntries), [
      'Agent You sent a file of 5 bytes.',
      'EndUser A map',
      'Agent You wrote: Hello',
    ]);
    if (!verified) await renew(chat, app, { ...signedIn, ...device });
    await app.call('POST', `${V1}/authorization/revokeToken`, { deregisterDevice: true });
    await app.call('POST', `${V1}/queries/conversation/list`, {}, [401]);
    assert.match(await platformKey(chat), verified ? /^v2\/iamessage\/AUTH\/Customer\/uid:ada$/ : /\/UNAUTH\/NA\/uid:/);
  });

/** A refresh token works once, and the renewed token belongs to the same user. */
async function renew(chat: Chat, app: Caller, request: Body): Promise<void> {
  const { accessToken, refreshToken, deviceId, capabilitiesVersion } = request;
  const body = { accessToken, refreshToken, deviceId, capabilitiesVersion };
  const path = `${V1}/authorization/renewToken${DEVICE_QUERY}`;
  const renewed = app.signIn(await chat.call('POST', path, body));
  assert.notEqual(renewed['refreshToken'], refreshToken);
  assert.equal((await app.call('POST', `${V1}/queries/conversation/list`, {}))['openConversationsFound'], 1);
  assert.equal((await chat.call('POST', path, body)).status, 401);
}

test('answers a path that it does not know with 404, with and without an access token', async (t) => {
  const chat = await startChat(t, true);
  const { accessToken = '' } = (await chat.exchange(chat.token())).body;
  for (const path of ['/iamessage/api/v2/conversation/x/nothing', `${V1}/nothing`, '/eventrouter/v2/sse'])
    for (const authorization of ['', `Bearer ${accessToken}`])
      assert.equal((await chat.call('POST', path, {}, { authorization })).status, 404, path);
});

test('lists entries newest first, and oldest first with direction FromStart', async (t) => {
  const chat = await startChat(t, true);
  const app = new Caller(chat);
  app.signIn(await chat.exchange(chat.token()));
  const conversationId = randomUUID();
  const base = `/iamessage/api/v2/conversation/${conversationId}`;
  await app.call('POST', '/iamessage/api/v2/conversation', { esDeveloperName, conversationId });
  for (let count = 1; count <= 30; count++)
    await app.call('POST', `${base}/message`, { message: message(`Message ${count}`), esDeveloperName });
  const list = async (query: string) =>
    texts((await app.call('GET', `${base}/entries?${query}`))['conversationEntries']);
  assert.equal((await list('')).length, 20);
  assert.equal((await list('limit=500')).length, 50);
  assert.deepEqual(await list('limit=1'), ['Agent You wrote: Message 30']);
  assert.deepEqual(await list('limit=1&direction=FromStart&entryTypeFilter=Message'), ['EndUser Message 1']);
  assert.deepEqual(await list('startTimestamp=0&endTimestamp=1'), []);
});

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { REJECTIONS } from '../../../local-org/chat-api/rejection';
import { PATHS, queueXml, routingXml } from '../samples';
import { CHAT_PATHS, startTestChat, type Chat } from './chat';
import { createSigner } from './signer';
import { openEventStream, message, V1, V2, type ConversationApi } from './conversation-api';

const signer = createSigner();

async function tokenOf(chat: Chat, sub = 'ada'): Promise<string> {
  return (await chat.exchange(chat.token({ sub }))).body.accessToken ?? '';
}

async function startUnverifiedChat(t: TestContext): Promise<Chat> {
  const chat = await startTestChat(t, {}, await signer);
  chat.org.edit(CHAT_PATHS.channel, (xml) => xml.replace('>Auth<', '>UnAuth<'));
  return chat;
}

for (const api of [V2, V1]) {
  test(`opens, writes, answers, reads, and ends a chat with ${api.name}`, async (t) => {
    const chat = await startTestChat(t, {}, await signer);
    const token = await tokenOf(chat);
    assert.equal((await api.list(chat, token)).body['openConversationsFound'], 0);
    const id = randomUUID();
    assert.deepEqual(await api.open(chat, token, id), { status: 201, body: { conversationId: id } });
    assert.equal((await api.write(chat, token, id, 'Hello')).status, api === V2 ? 202 : 200);
    const entries = await messageTexts(api, chat, token, id);
    assert.deepEqual(entries, ['EndUser: Hello', 'Agent: You wrote: Hello']);
    assert.equal((await api.end(chat, token, id)).status, 204);
    // For a verified user, the session ends and the conversation stays open.
    assert.equal((await api.list(chat, token)).body['openConversationsFound'], 1);
    const soql =
      'SELECT Status, MessagingEndUser.MessagingPlatformKey, MessagingChannel.DeveloperName FROM MessagingSession';
    const { records } = await chat.client.query(soql);
    assert.equal(records[0]?.['Status'], 'Ended');
    assert.equal((records[0]?.['MessagingChannel'] as Record<string, unknown> | undefined)?.['DeveloperName'], 'Web');
  });
}

async function messageTexts(api: ConversationApi, chat: Chat, token: string, id: string): Promise<string[]> {
  const { conversationEntries: all } = (await api.entries(chat, token, id)).body as Record<string, Entry[]>;
  const messages = (all ?? []).toReversed().filter(({ entryType }) => entryType === 'Message');
  return messages.map(
    ({ sender, entryPayload }) => `${sender.role}: ${entryPayload.abstractMessage.staticContent.text}`,
  );
}

interface Entry {
  readonly entryType: string;
  readonly sender: { readonly role: string };
  readonly entryPayload: { readonly abstractMessage: { readonly staticContent: { readonly text: string } } };
}

test('has one end user and one conversation for a user on two channels', async (t) => {
  const chat = await startTestChat(t, {}, await signer);
  const files = chat.org.files();
  const { status: deployed } = await chat.client.deploy({
    [PATHS.routing]: routingXml,
    [PATHS.queue]: queueXml,
    'messagingChannels/App.messagingChannel': files.get(CHAT_PATHS.channel) ?? '',
    'EmbeddedServiceConfig/App.EmbeddedServiceConfig': (files.get(CHAT_PATHS.deployment) ?? '').replace(
      '<messagingChannel>Web<',
      '<messagingChannel>App<',
    ),
  });
  assert.equal(deployed, 'Succeeded');
  await chat.activate('App');
  await chat.publish('App');
  const web = await tokenOf(chat);
  const app = (await chat.exchange(chat.token(), { esDeveloperName: 'App' })).body.accessToken ?? '';
  const id = randomUUID();
  await V2.open(chat, web, id);
  await V2.write(chat, web, id, 'From the website');
  const resumed = await chat.call(
    'POST',
    '/iamessage/api/v2/conversation',
    { conversationId: randomUUID(), esDeveloperName: 'App' },
    { authorization: `Bearer ${app}` },
  );
  assert.equal(resumed.body['conversationId'], id);
  assert.deepEqual(await messageTexts(V2, chat, app, id), [
    'EndUser: From the website',
    'Agent: You wrote: From the website',
  ]);
  const { records } = await chat.client.query('SELECT Name, ContactId, MessagingPlatformKey FROM MessagingEndUser');
  assert.deepEqual(
    records.map(({ attributes: _, ...fields }) => fields),
    [{ Name: 'Guest', ContactId: null, MessagingPlatformKey: 'v2/iamessage/AUTH/Customer/uid:ada' }],
  );
});

test('creates no end user before the first conversation', async (t) => {
  const chat = await startTestChat(t, {}, await signer);
  await tokenOf(chat);
  assert.equal((await chat.client.query('SELECT COUNT() FROM MessagingEndUser')).totalSize, 0);
});

test('hides a conversation from other customers', async (t) => {
  const chat = await startTestChat(t, {}, await signer);
  const [ada, eve] = [await tokenOf(chat), await tokenOf(chat, 'eve')];
  const id = randomUUID();
  await V2.open(chat, ada, id);
  for (const { status, body } of [
    await V2.entries(chat, eve, id),
    await V2.write(chat, eve, id, 'Hello'),
    await V2.end(chat, eve, id),
  ]) {
    assert.deepEqual([status, body.message], [404, REJECTIONS.conversation.message]);
  }
  assert.equal((await V2.open(chat, eve, id)).body.message, REJECTIONS['conversation-id-in-use'].message);
  assert.equal((await V2.list(chat, eve)).body['openConversationsFound'], 0);
});

for (const [what, id, reason] of [
  ['no UUID', 'chat-1', 'conversation-id'],
  ['a UUID of version 1', 'c232ab00-9414-11ec-b3c8-9f6bdeced846', 'conversation-id'],
  ['a UUID of another variant', 'c232ab00-9414-41ec-73c8-9f6bdeced846', 'conversation-id'],
  ['capital letters', 'C232AB00-9414-41EC-B3C8-9F6BDECED846', 'conversation-id-case'],
] as const) {
  test(`rejects a conversation ID with ${what}`, async (t) => {
    const chat = await startTestChat(t, {}, await signer);
    const { status, body } = await V2.open(chat, await tokenOf(chat), id);
    assert.deepEqual([status, body.message], [400, REJECTIONS[reason].message]);
  });
}

test('ends the conversation when an unverified user ends the chat', async (t) => {
  const chat = await startUnverifiedChat(t);
  const token = (await chat.requestUnverifiedToken()).body.accessToken ?? '';
  const id = randomUUID();
  await V2.open(chat, token, id);
  await V2.end(chat, token, id);
  assert.equal((await V2.list(chat, token)).body['openConversationsFound'], 0);
  assert.equal((await V2.write(chat, token, id, 'Hello?')).body.message, REJECTIONS['conversation-ended'].message);
  const { conversations } = (
    await chat.call('GET', '/iamessage/api/v2/conversation/list?inclClosedConvs=true', undefined, {
      authorization: `Bearer ${token}`,
    })
  ).body as Record<string, unknown[]>;
  assert.equal(conversations?.length, 1);
});

test('starts a session for a message after the end of the previous session', async (t) => {
  const chat = await startTestChat(t, {}, await signer);
  const token = await tokenOf(chat);
  const id = randomUUID();
  await V2.open(chat, token, id);
  await V2.end(chat, token, id);
  await V2.write(chat, token, id, 'One more thing');
  const { records } = await chat.client.query('SELECT Status FROM MessagingSession ORDER BY Status');
  assert.deepEqual(
    records.map(({ Status }) => Status),
    ['Active', 'Ended'],
  );
});

test('rejects an expired or revoked access token', async (t) => {
  let now = new Date();
  const chat = await startTestChat(t, { now: () => now }, await signer);
  const token = await tokenOf(chat);
  now = new Date(now.getTime() + 60 * 60 * 1000);
  const expired = await V2.open(chat, token, randomUUID());
  assert.deepEqual([expired.status, expired.body.message], [401, REJECTIONS['access-token'].message]);
  assert.equal((await chat.continueSession(token)).status, 401);
  assert.equal((await V2.list(chat, `${token.slice(0, -2)}xx`)).status, 401);
  assert.equal((await chat.call('GET', '/iamessage/api/v2/conversation/list')).status, 401);
});

for (const [what, body] of [
  ['no deployment', { message: message('Hello') }],
  ['another deployment', { message: message('Hello'), esDeveloperName: 'Other' }],
  ['no message', { esDeveloperName: 'Web' }],
  ['an empty text', { message: message(''), esDeveloperName: 'Web' }],
  [
    'another format',
    { message: { ...message('Hello'), staticContent: { formatType: 'Attachments' } }, esDeveloperName: 'Web' },
  ],
] as const) {
  test(`rejects a message with ${what}`, async (t) => {
    const chat = await startTestChat(t, {}, await signer);
    const token = await tokenOf(chat);
    const id = randomUUID();
    await V2.open(chat, token, id);
    const path = `/iamessage/api/v2/conversation/${id}/message`;
    const { status } = await chat.call('POST', path, body, { authorization: `Bearer ${token}` });
    assert.equal(status, 400);
  });
}

test('streams the events after Last-Event-Id', async (t) => {
  const chat = await startTestChat(t, {}, await signer);
  const response = await chat.exchange(chat.token());
  const token = response.body.accessToken ?? '';
  const id = randomUUID();
  await V2.open(chat, token, id);
  const heard = await openEventStream(t, chat, token, String(response.body['lastEventId']));
  await V2.write(chat, token, id, 'Hello');
  const events = await heard.first(5);
  assert.deepEqual(
    events.map(({ type }) => type),
    [
      'CONVERSATION_ROUTING_RESULT',
      'CONVERSATION_PARTICIPANT_CHANGED',
      'CONVERSATION_SESSION_STATUS_CHANGED',
      'CONVERSATION_MESSAGE',
      'CONVERSATION_MESSAGE',
    ],
  );
  const { conversationEntry, conversationId } = JSON.parse(events[4]?.data ?? '') as Record<
    string,
    Record<string, unknown>
  >;
  assert.equal(conversationId, id);
  assert.equal(conversationEntry?.['senderDisplayName'], 'Local Representative');
  assert.match(String(conversationEntry?.['entryPayload']), /"text":"You wrote: Hello"/);
  const late = await openEventStream(t, chat, token, String(events[3]?.id));
  assert.equal((await late.first(1))[0]?.id, events[4]?.id);
});

test('rejects an event stream without the required headers', async (t) => {
  const chat = await startTestChat(t, {}, await signer);
  const token = await tokenOf(chat);
  const all = {
    authorization: `Bearer ${token}`,
    accept: 'text/event-stream',
    'x-org-id': chat.org.orgId.slice(0, 15),
    'last-event-id': '0',
  };
  for (const [header, value, status, reason] of [
    ['authorization', '', 401, 'access-token'],
    ['accept', 'application/json', 400, 'stream-headers'],
    ['x-org-id', '', 400, 'stream-headers'],
    ['last-event-id', 'x', 400, 'stream-headers'],
    ['x-org-id', chat.org.orgId, 400, 'org-header'],
  ] as const) {
    const response = await chat.call('GET', '/eventrouter/v1/sse', undefined, { ...all, [header]: value });
    assert.deepEqual([response.status, response.body.message], [status, REJECTIONS[reason].message], header);
  }
});

test('starts the stream with the next event without Last-Event-Id, unless it is required', async (t) => {
  const chat = await startTestChat(t, {}, await signer);
  const token = await tokenOf(chat);
  const id = randomUUID();
  await V2.open(chat, token, id);
  const heard = await openEventStream(t, chat, token);
  await V2.write(chat, token, id, 'Hello');
  assert.match((await heard.first(1))[0]?.data ?? '', /Hello/);
  chat.org.setChatApi({ lastEventId: 'required' });
  const headers = {
    authorization: `Bearer ${token}`,
    accept: 'text/event-stream',
    'x-org-id': chat.org.orgId.slice(0, 15),
  };
  const { status, body } = await chat.call('GET', '/eventrouter/v1/sse', undefined, headers);
  assert.deepEqual([status, body.message], [400, REJECTIONS['stream-headers'].message]);
});

test('keeps customers, conversations, and published settings across a restart, but not access tokens', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'local-org-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const stateFile = join(folder, 'dev.json');
  const before = await startTestChat(t, { stateFile }, await signer);
  const old = await tokenOf(before);
  const id = randomUUID();
  await V2.open(before, old, id);
  await V2.write(before, old, id, 'Hello');
  await before.org.close();
  const after = await startTestChat(t, { stateFile }, await signer);
  assert.equal((await V2.list(after, old)).status, 401);
  const token = await tokenOf(after);
  assert.deepEqual(await messageTexts(V2, after, token, id), ['EndUser: Hello', 'Agent: You wrote: Hello']);
  assert.equal((await after.client.query('SELECT COUNT() FROM MessagingEndUser')).totalSize, 1);
});

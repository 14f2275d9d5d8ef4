import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ChatEvents } from '../../../local-org/org/chat-events';
import { ChatStore, type Conversation, type Entry } from '../../../local-org/org/chat-store';

const conversation = (identifier: string, subject = 'ada'): Conversation => ({
  identifier,
  id: identifier,
  subject,
  startedAt: '2026-01-01T00:00:00.000Z',
  sessions: [],
  entries: [],
});

const entry = (index: number): Entry => ({
  identifier: String(index),
  at: index,
  sender: 'EndUser',
  payload: { entryType: 'Message' },
});

test('returns the conversations of a customer, newest first', () => {
  const store = new ChatStore();
  for (const each of [conversation('a'), conversation('b', 'bob'), conversation('c'), conversation('d')])
    store.addConversation(each);
  assert.deepEqual(
    store.conversationsOf('ada').map(({ identifier }) => identifier),
    ['d', 'c', 'a'],
  );
});

test('keeps the order of the conversations across a restart', () => {
  const store = new ChatStore();
  store.restore({ endUsers: [], conversations: [conversation('a'), conversation('b')] });
  assert.deepEqual(
    store.conversationsOf('ada').map(({ identifier }) => identifier),
    ['b', 'a'],
  );
});

test('keeps the newest 200 entries of a conversation', () => {
  const store = new ChatStore();
  const chat = conversation('a');
  for (let index = 1; index <= 201; index++) store.addEntry(chat, entry(index));
  assert.equal(chat.entries.length, 200);
  assert.deepEqual([chat.entries[0]?.at, chat.entries.at(-1)?.at], [2, 201]);
});

test('sends a listener the later events of its subject only', () => {
  const events = new ChatEvents();
  const received: number[] = [];
  events.emit('ada', 'X', {});
  events.emit('ada', 'X', {});
  events.emit('bob', 'X', {});
  const stop = events.listen('ada', 1, ({ id }) => void received.push(id));
  events.emit('ada', 'X', {});
  events.emit('bob', 'X', {});
  stop();
  events.emit('ada', 'X', {});
  assert.deepEqual(received, [2, 4]);
  assert.equal(events.lastId, 6);
});

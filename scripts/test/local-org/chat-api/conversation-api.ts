import { randomUUID } from 'node:crypto';
import type { TestContext } from 'node:test';
import type { ChatApiReply, Chat } from './chat';

/** A version of the conversation endpoints. */
export interface ConversationApi {
  readonly name: string;
  open(chat: Chat, token: string, id: string): Promise<ChatApiReply>;
  list(chat: Chat, token: string): Promise<ChatApiReply>;
  write(chat: Chat, token: string, id: string, text: string): Promise<ChatApiReply>;
  entries(chat: Chat, token: string, id: string): Promise<ChatApiReply>;
  end(chat: Chat, token: string, id: string): Promise<ChatApiReply>;
}

export const message = (text: string) => ({
  id: randomUUID(),
  messageType: 'StaticContentMessage',
  staticContent: { formatType: 'Text', text },
});

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const v2 = '/iamessage/api/v2/conversation';
const v1 = '/iamessage/v1/conversation';
const esDeveloperName = 'Web';

export const V2: ConversationApi = {
  name: 'v2',
  open: (chat, token, id) => chat.call('POST', v2, { conversationId: id, esDeveloperName }, bearer(token)),
  list: (chat, token) => chat.call('GET', `${v2}/list?inclClosedConvs=false&limit=1`, undefined, bearer(token)),
  write: (chat, token, id, text) =>
    chat.call('POST', `${v2}/${id}/message`, { message: message(text), esDeveloperName }, bearer(token)),
  entries: (chat, token, id) => chat.call('GET', `${v2}/${id}/entries`, undefined, bearer(token)),
  end: (chat, token, id) => chat.call('DELETE', `${v2}/${id}?esDeveloperName=Web`, undefined, bearer(token)),
};

export const V1: ConversationApi = {
  name: 'v1',
  open: (chat, token, id) => chat.call('POST', v1, { conversationId: id, routingAttributes: {} }, bearer(token)),
  list: (chat, token) => chat.call('POST', '/iamessage/v1/queries/conversation/list', {}, bearer(token)),
  write: (chat, token, id, text) => chat.call('POST', `${v1}/${id}/message`, message(text), bearer(token)),
  entries: (chat, token, id) =>
    chat.call('GET', `/iamessage/v1/queries/conversation/${id}/entries`, undefined, bearer(token)),
  end: (chat, token, id) => chat.call('DELETE', `${v1}/${id}`, undefined, bearer(token)),
};

export interface ReceivedEvent {
  readonly id: string;
  readonly type: string;
  readonly data: string;
}

/** Opens the event stream until the end of the test. */
export async function openEventStream(t: TestContext, chat: Chat, token: string, lastEventId?: string) {
  const stop = new AbortController();
  t.after(() => stop.abort());
  const response = await fetch(`${chat.org.url}/eventrouter/v1/sse`, {
    signal: stop.signal,
    headers: {
      ...bearer(token),
      accept: 'text/event-stream',
      'x-org-id': chat.org.orgId.slice(0, 15),
      ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
    },
  });
  const chunks = (response.body ?? []) as AsyncIterable<Uint8Array>;
  return { first: (count: number) => readEvents(chunks, count) };
}

async function readEvents(chunks: AsyncIterable<Uint8Array>, count: number): Promise<ReceivedEvent[]> {
  let text = '';
  for await (const chunk of chunks) {
    text += Buffer.from(chunk).toString('utf8');
    if (text.split('\n\n').length > count) break;
  }
  return text.split('\n\n').slice(0, count).map(parseEvent);
}

function parseEvent(block: string): ReceivedEvent {
  const fields = new Map(block.split('\n').map((line) => line.split(/:(.*)/s) as [string, string]));
  return { id: fields.get('id') ?? '', type: fields.get('event') ?? '', data: fields.get('data') ?? '' };
}

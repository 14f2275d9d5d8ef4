import { randomUUID } from 'node:crypto';
import type { TestContext } from 'node:test';
import type { Answer, Chat } from './chat';

/** One generation of the conversation endpoints. */
export interface Api {
  readonly name: string;
  open(chat: Chat, token: string, id: string): Promise<Answer>;
  list(chat: Chat, token: string): Promise<Answer>;
  write(chat: Chat, token: string, id: string, text: string): Promise<Answer>;
  entries(chat: Chat, token: string, id: string): Promise<Answer>;
  end(chat: Chat, token: string, id: string): Promise<Answer>;
}

export const message = (text: string) => ({
  id: randomUUID(),
  messageType: 'StaticContentMessage',
  staticContent: { formatType: 'Text', text },
});

const by = (token: string) => ({ authorization: `Bearer ${token}` });
const v2 = '/iamessage/api/v2/conversation';
const v1 = '/iamessage/v1/conversation';
const esDeveloperName = 'Web';

export const V2: Api = {
  name: 'v2',
  open: (chat, token, id) => chat.call('POST', v2, { conversationId: id, esDeveloperName }, by(token)),
  list: (chat, token) => chat.call('GET', `${v2}/list?inclClosedConvs=false&limit=1`, undefined, by(token)),
  write: (chat, token, id, text) =>
    chat.call('POST', `${v2}/${id}/message`, { message: message(text), esDeveloperName }, by(token)),
  entries: (chat, token, id) => chat.call('GET', `${v2}/${id}/entries`, undefined, by(token)),
  end: (chat, token, id) => chat.call('DELETE', `${v2}/${id}?esDeveloperName=Web`, undefined, by(token)),
};

export const V1: Api = {
  name: 'v1',
  open: (chat, token, id) => chat.call('POST', v1, { conversationId: id, routingAttributes: {} }, by(token)),
  list: (chat, token) => chat.call('POST', '/iamessage/v1/queries/conversation/list', {}, by(token)),
  write: (chat, token, id, text) => chat.call('POST', `${v1}/${id}/message`, message(text), by(token)),
  entries: (chat, token, id) =>
    chat.call('GET', `/iamessage/v1/queries/conversation/${id}/entries`, undefined, by(token)),
  end: (chat, token, id) => chat.call('DELETE', `${v1}/${id}`, undefined, by(token)),
};

export interface Heard {
  readonly id: string;
  readonly type: string;
  readonly data: string;
}

/** Opens the stream of events for as long as the test runs. */
export async function listenTo(t: TestContext, chat: Chat, token: string, lastEventId: string) {
  const stop = new AbortController();
  t.after(() => stop.abort());
  const answer = await fetch(`${chat.org.url}/eventrouter/v1/sse`, {
    signal: stop.signal,
    headers: {
      ...by(token),
      accept: 'text/event-stream',
      'x-org-id': chat.org.orgId.slice(0, 15),
      'last-event-id': lastEventId,
    },
  });
  const chunks = (answer.body ?? []) as AsyncIterable<Uint8Array>;
  return { first: (count: number) => firstOf(chunks, count) };
}

async function firstOf(chunks: AsyncIterable<Uint8Array>, count: number): Promise<Heard[]> {
  let text = '';
  for await (const chunk of chunks) {
    text += Buffer.from(chunk).toString('utf8');
    if (text.split('\n\n').length > count) break;
  }
  return text.split('\n\n').slice(0, count).map(heardIn);
}

function heardIn(block: string): Heard {
  const fields = new Map(block.split('\n').map((line) => line.split(/:(.*)/s) as [string, string]));
  return { id: fields.get('id') ?? '', type: fields.get('event') ?? '', data: fields.get('data') ?? '' };
}

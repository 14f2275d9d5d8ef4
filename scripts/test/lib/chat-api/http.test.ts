import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sendRequest } from '../../../lib/chat-api/http';
import { startFakeChatApi, type FakeChatApi } from './fake-chat-api';

let fake: FakeChatApi;
before(async () => {
  fake = await startFakeChatApi();
});
after(() => fake.close());

test('a response of 256 KB is read, and one of 1 byte more is not', async () => {
  const replyOf = (size: number): ReturnType<typeof sendRequest> => {
    fake.handle = (_request, response) => void response.end(JSON.stringify('x'.repeat(size - 2)));
    return sendRequest({ method: 'GET', url: fake.url });
  };
  const { body, problem } = await replyOf(262_144);
  assert.deepEqual([String(body).length, problem], [262_142, undefined]);
  assert.deepEqual(await replyOf(262_145), { status: 200, problem: 'The response is larger than 256 KB.' });
});

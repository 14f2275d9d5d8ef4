import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TOKEN_DEFECTS, type TokenDefect } from '../../../local-org/chat-api-settings';
import { startTestChat, decodeClaims, type Chat } from './chat';
import { REJECTION_CASES } from './rejection-cases';
import { createSigner } from './signer';

const signer = createSigner();
const readSubject = async (request: Promise<{ body: { accessToken?: string } }>) =>
  decodeClaims((await request).body.accessToken)['sub'];

const requestFor = (defect: TokenDefect) => REJECTION_CASES.find(({ reason }) => reason === defect)?.send;

for (const defect of TOKEN_DEFECTS.filter((each) => requestFor(each))) {
  test(`accept=${defect} accepts this defect and no other`, async (t) => {
    const permissive = await startTestChat(t, { chatApi: { accept: [defect] } }, await signer);
    assert.match(
      String(await readSubject(requestFor(defect)?.(permissive) as never)),
      /^v2\/iamessage\/AUTH\/Customer\/uid:ada$/,
    );
    for (const other of ['issuer', 'expiry', 'signature'] as const) {
      if (other === defect) continue;
      const chat = await startTestChat(t, { chatApi: { accept: [defect] } }, await signer);
      assert.equal((await requestFor(other)?.(chat))?.status, 401, other);
    }
  });
}

test('accept=no-token accepts unverified users on a verified channel', async (t) => {
  const chat = await startTestChat(t, { chatApi: { accept: ['no-token'] } }, await signer);
  for (const request of [chat.requestUnverifiedToken(), chat.requestUnverifiedTokenV1(), chat.exchange(undefined)]) {
    assert.match(String(await readSubject(request)), /^v2\/iamessage\/UNAUTH\/NA\/uid:[\da-f-]{36}$/);
  }
});

test('accept=anything accepts each token that is a JWT', async (t) => {
  const requests = TOKEN_DEFECTS.flatMap((defect) => requestFor(defect) ?? []);
  for (const request of requests) {
    const chat: Chat = await startTestChat(t, { chatApi: { accept: TOKEN_DEFECTS } }, await signer);
    assert.equal((await request(chat)).status, 200);
  }
});

test('accept=expired-certificate accepts a key with an expired certificate', async (t) => {
  let now = new Date();
  const chatApi = { accept: ['expired-certificate'] } as const;
  const chat = await startTestChat(t, { now: () => now, chatApi }, await createSigner('key-1', 20));
  now = new Date(Date.now() + 21 * 24 * 60 * 60 * 1000);
  const { status } = await chat.exchange(chat.token({ exp: now.getTime() / 1000 + 60 }));
  assert.equal(status, 200);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TOKEN_DEFECTS, type TokenDefect } from '../../../local-org/chat-api-settings';
import { startTestChat, decodeClaims, type Chat } from './chat';
import { REJECTION_CASES } from './rejection-cases';
import { createSigner } from './signer';

const signer = createSigner();
const readSubject = async (ask: Promise<{ body: { accessToken?: string } }>) =>
  decodeClaims((await ask).body.accessToken)['sub'];

const requestFor = (flaw: TokenDefect) => REJECTION_CASES.find(({ reason }) => reason === flaw)?.send;

for (const flaw of TOKEN_DEFECTS.filter((each) => requestFor(each))) {
  test(`an org that is lax about ${flaw} accepts what others refuse, and nothing else`, async (t) => {
    const lax = await startTestChat(t, { chatApi: { accept: [flaw] } }, await signer);
    assert.match(
      String(await readSubject(requestFor(flaw)?.(lax) as never)),
      /^v2\/iamessage\/AUTH\/Customer\/uid:ada$/,
    );
    for (const other of ['issuer', 'expiry', 'signature'] as const) {
      if (other === flaw) continue;
      const chat = await startTestChat(t, { chatApi: { accept: [flaw] } }, await signer);
      assert.equal((await requestFor(other)?.(chat))?.status, 401, other);
    }
  });
}

test('an org that is lax about a missing token takes guests on a verified channel', async (t) => {
  const chat = await startTestChat(t, { chatApi: { accept: ['no-token'] } }, await signer);
  for (const ask of [chat.requestUnverifiedToken(), chat.requestUnverifiedTokenV1(), chat.exchange(undefined)]) {
    assert.match(String(await readSubject(ask)), /^v2\/iamessage\/UNAUTH\/NA\/uid:[\da-f-]{36}$/);
  }
});

test('an org that accepts anything accepts every token that is one', async (t) => {
  const asks = TOKEN_DEFECTS.flatMap((flaw) => requestFor(flaw) ?? []);
  for (const ask of asks) {
    const chat: Chat = await startTestChat(t, { chatApi: { accept: TOKEN_DEFECTS } }, await signer);
    assert.equal((await ask(chat)).status, 200);
  }
});

test('an ended certificate can be passed over', async (t) => {
  let now = new Date();
  const chatApi = { accept: ['expired-certificate'] } as const;
  const chat = await startTestChat(t, { now: () => now, chatApi }, await createSigner('key-1', 20));
  now = new Date(Date.now() + 21 * 24 * 60 * 60 * 1000);
  const { status } = await chat.exchange(chat.token({ exp: now.getTime() / 1000 + 60 }));
  assert.equal(status, 200);
});

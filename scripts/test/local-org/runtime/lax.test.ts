import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FLAWS, type Flaw } from '../../../local-org/runtime-settings';
import { chatFor, claimsOf, type Chat } from './chat';
import { REFUSAL_CASES } from './refusal-cases';
import { newSigner } from './signer';

const signer = newSigner();
const subjectOf = async (ask: Promise<{ body: { accessToken?: string } }>) =>
  claimsOf((await ask).body.accessToken)['sub'];

const askWith = (flaw: Flaw) => REFUSAL_CASES.find(({ reason }) => reason === flaw)?.ask;

for (const flaw of FLAWS.filter((each) => askWith(each))) {
  test(`an org that is lax about ${flaw} accepts what others refuse, and nothing else`, async (t) => {
    const lax = await chatFor(t, { runtime: { accept: [flaw] } }, await signer);
    assert.match(String(await subjectOf(askWith(flaw)?.(lax) as never)), /^v2\/iamessage\/AUTH\/Customer\/uid:ada$/);
    for (const other of ['issuer', 'expiry', 'signature'] as const) {
      if (other === flaw) continue;
      const chat = await chatFor(t, { runtime: { accept: [flaw] } }, await signer);
      assert.equal((await askWith(other)?.(chat))?.status, 401, other);
    }
  });
}

test('an org that is lax about a missing token takes guests on a verified channel', async (t) => {
  const chat = await chatFor(t, { runtime: { accept: ['no-token'] } }, await signer);
  for (const ask of [chat.guest(), chat.guestV1(), chat.exchange(undefined)]) {
    assert.match(String(await subjectOf(ask)), /^v2\/iamessage\/UNAUTH\/NA\/uid:[\da-f-]{36}$/);
  }
});

test('an org that accepts anything accepts every token that is one', async (t) => {
  const asks = FLAWS.flatMap((flaw) => askWith(flaw) ?? []);
  for (const ask of asks) {
    const chat: Chat = await chatFor(t, { runtime: { accept: FLAWS } }, await signer);
    assert.equal((await ask(chat)).status, 200);
  }
});

test('an ended certificate can be passed over', async (t) => {
  let now = new Date();
  const runtime = { accept: ['ended-certificate'] } as const;
  const chat = await chatFor(t, { now: () => now, runtime }, await newSigner('key-1', 20));
  now = new Date(Date.now() + 21 * 24 * 60 * 60 * 1000);
  const { status } = await chat.exchange(chat.token({ exp: now.getTime() / 1000 + 60 }));
  assert.equal(status, 200);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TOKEN_DEFECTS, type TokenDefect } from '../../../local-org/chat-api-settings';
import { CHAT_PATHS, startTestChat, decodeClaims, type Chat, type ChatApiReply } from './chat';
import { REJECTION_CASES } from './rejection-cases';
import { createSigner } from './signer';

const signer = createSigner();
const attacker = createSigner('attacker');

type Send = (chat: Chat) => Promise<ChatApiReply>;

const DAY_MS = 24 * 60 * 60 * 1000;

/** A token with a key of the attacker in its header, signed with it. */
const withHeaderKey =
  (member: (attacker: { jwk: object; x5c: unknown }) => Readonly<Record<string, unknown>>): Send =>
  async (chat) => {
    const { jwk, privateKey } = await attacker;
    return chat.exchange(chat.token({}, member({ jwk, x5c: jwk['x5c'] }), privateKey));
  };

const disableVerification: Send = (chat) => {
  chat.org.edit(CHAT_PATHS.channel, (content) => content.replace('>Auth<', '>UnAuth<'));
  return chat.exchange(chat.token());
};

/** Requests for the defects that have no rejection of their own. */
const REQUESTS: Partial<Record<TokenDefect, Send>> = {
  'embedded-jwk': withHeaderKey(({ jwk }) => ({ jwk })),
  'embedded-x5c': withHeaderKey(({ x5c }) => ({ x5c })),
  jku: withHeaderKey(() => ({ jku: 'https://attacker.example.com/jwks.json' })),
  x5u: withHeaderKey(() => ({ x5u: 'https://attacker.example.com/key.pem' })),
  'verification-off': disableVerification,
};

const requestsFor = (defect: TokenDefect): readonly Send[] => [
  ...(REQUESTS[defect] ? [REQUESTS[defect]] : []),
  ...REJECTION_CASES.filter(({ reason }) => reason === defect).map(({ send }) => send),
];

const readSubject = ({ body }: ChatApiReply) => decodeClaims(body.accessToken)['sub'];

/** Defects with tests of their own. */
const ON_THEIR_OWN: readonly TokenDefect[] = ['no-token', 'unverified-user', 'expired-certificate'];

/** A request with each defect that holds for the same org and time. */
const OTHERS: readonly TokenDefect[] = TOKEN_DEFECTS.filter((each) => !ON_THEIR_OWN.includes(each));

test('has a request for each defect', () => {
  assert.deepEqual(
    OTHERS.filter((defect) => requestsFor(defect).length === 0),
    [],
  );
});

for (const defect of OTHERS) {
  test(`accept=${defect} accepts this defect and no other`, async (t) => {
    for (const send of requestsFor(defect)) {
      const permissive = await startTestChat(t, { chatApi: { accept: [defect] } }, await signer);
      const sub = ['sub-missing', 'sub-empty'].includes(defect) ? '' : '(ada|eve)';
      assert.match(String(readSubject(await send(permissive))), new RegExp(`^v2/iamessage/AUTH/Customer/uid:${sub}$`));
    }
    const chat = await startTestChat(t, { chatApi: { accept: [defect] } }, await signer);
    for (const other of OTHERS.filter((each) => each !== defect && !IMPLIED[defect]?.includes(each))) {
      const [send] = requestsFor(other);
      const original = [...chat.org.files()];
      assert.notEqual((await send?.(chat))?.status, 200, other);
      for (const [path, content] of original)
        if (chat.org.files().get(path) !== content) chat.org.edit(path, () => content);
    }
  });
}

/** Defects that an org without this check accepts too: it verifies no signature of another key. */
const IMPLIED: Partial<Record<TokenDefect, readonly TokenDefect[]>> = {
  signature: ['embedded-jwk', 'embedded-x5c', 'jku', 'x5u'],
};

test('accept=no-token accepts a request of a verified user without a token', async (t) => {
  const chat = await startTestChat(t, { chatApi: { accept: ['no-token'] } }, await signer);
  assert.match(String(readSubject(await chat.exchange(undefined))), /^v2\/iamessage\/UNAUTH\/NA\/uid:[\da-f-]{36}$/);
  assert.equal((await chat.requestUnverifiedToken()).status, 400);
});

test('accept=unverified-user accepts unverified users on a verified channel', async (t) => {
  const chat = await startTestChat(t, { chatApi: { accept: ['unverified-user'] } }, await signer);
  for (const request of [chat.requestUnverifiedToken(), chat.requestUnverifiedTokenV1()]) {
    assert.match(String(readSubject(await request)), /^v2\/iamessage\/UNAUTH\/NA\/uid:[\da-f-]{36}$/);
  }
  assert.equal((await chat.exchange(undefined)).status, 401);
});

test('accept=anything accepts each token that is a JWT', async (t) => {
  for (const send of OTHERS.flatMap(requestsFor)) {
    const chat = await startTestChat(t, { chatApi: { accept: TOKEN_DEFECTS } }, await signer);
    assert.equal((await send(chat)).status, 200);
  }
});

test('accept=expired-certificate accepts a key with an expired certificate', async (t) => {
  let now = new Date();
  const chatApi = { accept: ['expired-certificate'] } as const;
  const chat = await startTestChat(t, { now: () => now, chatApi }, await createSigner('key-1', 20));
  now = new Date(Date.now() + 21 * DAY_MS);
  const { status } = await chat.exchange(chat.token({ exp: now.getTime() / 1000 + 60 }));
  assert.equal(status, 200);
});

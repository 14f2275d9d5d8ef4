import assert from 'node:assert/strict';
import fc from 'fast-check';
import { test } from 'node:test';
import { startTestChat, decodeClaims, ISSUER, type Chat } from './chat';
import { base64url, createSigner, signJwt } from './signer';

const signer = createSigner();

const PATHS = [
  ['POST', '/iamessage/api/v2/authorization/authenticated/access-token'],
  ['POST', '/iamessage/v1/authorization/authenticated/accessToken'],
  ['POST', '/iamessage/api/v2/authorization/unauthenticated/access-token'],
  ['POST', '/iamessage/api/v2/conversation'],
  ['POST', '/iamessage/api/v2/conversation/x/message'],
] as const;

/** Unusual values for a claim, a header, or a member. */
const arbitraryValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom('__proto__', 'constructor', 'toString', 'RS256', '', '\u0000', null, -1, 1e300, [], {}),
);

/** Returns the valid value in most cases, so that some tokens are valid. */
const usually = <T>(value: T) =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(value) }, { weight: 1, arbitrary: arbitraryValue });

async function sendRequest(chat: Chat, path: string, body: unknown, token = 'x'): Promise<number> {
  const { status } = await chat.call('POST', path, body, { authorization: `Bearer ${token}` });
  return status;
}

test('rejects any invalid body without a server error', async (t) => {
  const chat = await startTestChat(t, {}, await signer);
  const token = (await chat.exchange(chat.token())).body.accessToken ?? '';
  const body = fc.oneof(
    fc.string(),
    arbitraryValue.map((value) => JSON.stringify(value)),
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...PATHS), body, async ([, path], text) => {
      assert.ok([400, 401, 404].includes(await sendRequest(chat, path, text, token)), path);
    }),
    { numRuns: 300 },
  );
});

test('accepts only a valid token, for any header and claims', async (t) => {
  const chat = await startTestChat(t, {}, await signer);
  const { privateKey } = chat.signer;
  const header = fc.record({
    alg: usually('RS256'),
    kid: usually('key-1'),
    typ: arbitraryValue,
  });
  const later = Math.floor(Date.now() / 1000) + 600;
  const claims = fc.record({
    iss: usually(ISSUER),
    sub: fc.oneof(fc.constant('ada'), fc.string({ unit: 'grapheme' }), arbitraryValue),
    exp: usually(later),
  });
  let believed = 0;
  await fc.assert(
    fc.asyncProperty(header, claims, fc.boolean(), async (head, content, isSigned) => {
      const rs256 = signJwt({ ...head, alg: 'RS256' }, content, privateKey);
      const jwt = isSigned ? rs256.replace(/^[^.]+/, base64url(head)) : `${base64url(head)}.${base64url(content)}.AAAA`;
      const { status, body } = await chat.exchange(jwt);
      const { sub } = content;
      const isText = typeof sub === 'string' && sub !== '' && sub.length < 220;
      const good = isSigned && head.alg === 'RS256' && head.kid === 'key-1' && content.iss === ISSUER && isText;
      const lives = typeof content.exp === 'number' && content.exp >= later - 600;
      assert.equal(status, good && lives ? 200 : 401, JSON.stringify({ head, content }));
      if (!isText || status !== 200) return;
      believed++;
      assert.equal(decodeClaims(body.accessToken)['sub'], `v2/iamessage/AUTH/Customer/uid:${sub}`);
    }),
    { numRuns: 400 },
  );
  assert.ok(believed > 0);
});

test('rejects any change of an access token', async (t) => {
  const chat = await startTestChat(t, {}, await signer);
  const token = (await chat.exchange(chat.token())).body.accessToken ?? '';
  await fc.assert(
    fc.asyncProperty(fc.nat(token.length - 1), fc.constantFrom(...'AZaz09-_.'), async (at, letter) => {
      fc.pre(token[at] !== letter);
      const changed = token.slice(0, at) + letter + token.slice(at + 1);
      assert.equal((await chat.continueSession(changed)).status, 401);
    }),
    { numRuns: 200 },
  );
});

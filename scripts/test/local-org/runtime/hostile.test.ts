import assert from 'node:assert/strict';
import fc from 'fast-check';
import { test } from 'node:test';
import { chatFor, claimsOf, ISSUER, type Chat } from './chat';
import { base64url, newSigner, signed } from './signer';

const signer = newSigner();

const PATHS = [
  ['POST', '/iamessage/api/v2/authorization/authenticated/access-token'],
  ['POST', '/iamessage/v1/authorization/authenticated/accessToken'],
  ['POST', '/iamessage/api/v2/authorization/unauthenticated/access-token'],
  ['POST', '/iamessage/api/v2/conversation'],
  ['POST', '/iamessage/api/v2/conversation/x/message'],
] as const;

/** Values that are awkward as a claim, a header or a member. */
const odd: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom('__proto__', 'constructor', 'toString', 'RS256', '', '\u0000', null, -1, 1e300, [], {}),
);

/** Mostly the right value, so that some tokens are wrong in nothing. */
const mostly = <T>(value: T) => fc.oneof({ weight: 4, arbitrary: fc.constant(value) }, { weight: 1, arbitrary: odd });

async function ask(chat: Chat, path: string, body: unknown, token = 'x'): Promise<number> {
  const { status } = await chat.call('POST', path, body, { authorization: `Bearer ${token}` });
  return status;
}

test('whatever the body is, the answer is a refusal and never an error of the org', async (t) => {
  const chat = await chatFor(t, {}, await signer);
  const token = (await chat.exchange(chat.token())).body.accessToken ?? '';
  const body = fc.oneof(
    fc.string(),
    odd.map((value) => JSON.stringify(value)),
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...PATHS), body, async ([, path], text) => {
      assert.ok([400, 401, 404].includes(await ask(chat, path, text, token)), path);
    }),
    { numRuns: 300 },
  );
});

test('no token but a good one is believed, whatever its header and claims are', async (t) => {
  const chat = await chatFor(t, {}, await signer);
  const { privateKey } = chat.signer;
  const header = fc.record({
    alg: mostly('RS256'),
    kid: mostly('key-1'),
    typ: odd,
  });
  const later = Math.floor(Date.now() / 1000) + 600;
  const claims = fc.record({
    iss: mostly(ISSUER),
    sub: fc.oneof(fc.constant('ada'), fc.string({ unit: 'grapheme' }), odd),
    exp: mostly(later),
  });
  let believed = 0;
  await fc.assert(
    fc.asyncProperty(header, claims, fc.boolean(), async (head, said, isSigned) => {
      const rs256 = signed({ ...head, alg: 'RS256' }, said, privateKey);
      const jwt = isSigned ? rs256.replace(/^[^.]+/, base64url(head)) : `${base64url(head)}.${base64url(said)}.AAAA`;
      const { status, body } = await chat.exchange(jwt);
      const { sub } = said;
      const isText = typeof sub === 'string' && sub !== '' && sub.length < 220;
      const good = isSigned && head.alg === 'RS256' && head.kid === 'key-1' && said.iss === ISSUER && isText;
      const lives = typeof said.exp === 'number' && said.exp >= later - 600;
      assert.equal(status, good && lives ? 200 : 401, JSON.stringify({ head, said }));
      if (!isText || status !== 200) return;
      believed++;
      assert.equal(claimsOf(body.accessToken)['sub'], `v2/iamessage/AUTH/Customer/uid:${sub}`);
    }),
    { numRuns: 400 },
  );
  assert.ok(believed > 0);
});

test('no change of an access token is accepted', async (t) => {
  const chat = await chatFor(t, {}, await signer);
  const token = (await chat.exchange(chat.token())).body.accessToken ?? '';
  await fc.assert(
    fc.asyncProperty(fc.nat(token.length - 1), fc.constantFrom(...'AZaz09-_.'), async (at, letter) => {
      fc.pre(token[at] !== letter);
      const changed = token.slice(0, at) + letter + token.slice(at + 1);
      assert.equal((await chat.goOn(changed)).status, 401);
    }),
    { numRuns: 200 },
  );
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { firstDifference, tokenFingerprint, readToken, signToken, isSignedBy, redactTokens } from '../../../lib/token';
import { keyPair } from '../jwk/test-keys';

const { privateKey, publicKey } = keyPair();

describe('a token', () => {
  test('that was signed here is read and verified, whatever its claims; changed by one character it is not', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.constantFrom('RS256', 'RS512'),
        fc.nat(),
        (claims, alg, at) => {
          const text = signToken({ alg, kid: 'k' }, claims, privateKey);
          const { token } = readToken(text);
          assert.ok(token && isSignedBy(token, publicKey));
          assert.deepEqual(token.claims, JSON.parse(JSON.stringify(claims)));
          const signed = text.lastIndexOf('.');
          const place = at % signed;
          const changed = text.slice(0, place) + (text[place] === 'A' ? 'B' : 'A') + text.slice(place + 1);
          const { token: other } = readToken(changed);
          assert.ok(!other || !isSignedBy(other, publicKey));
        },
      ),
      { numRuns: 50 },
    );
  });

  test('is answered whatever the text is, and no answer repeats a part of it', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 8 }), (text) => {
        const { problem, token } = readToken(text);
        assert.ok(token !== undefined || (problem !== '' && !problem?.includes(text)));
      }),
    );
  });

  for (const [what, text, said] of [
    ['a session id', `00D${'x'.repeat(15)}!AQ.abc`, /session id/],
    ['an encrypted token', 'a.b.c.d.e', /encrypted/],
    ['two parts', 'a.b', /three parts; this text has 2/],
    ['a line break', 'a.b\n.c', /line breaks/],
    ['standard base64', 'a.b+.c', /standard base64/],
    ['a header that is no object', 'W10.e30.x', /header/],
    ['claims that are no object', 'e30.W10.x', /claims/],
    ['nothing', '', /no token/],
  ] as const) {
    test(`with ${what} is told as such`, () => assert.match(readToken(text).problem ?? '', said));
  }
});

describe('the first difference of two issuers', () => {
  for (const [stated, given, said] of [
    [
      'https://a.example',
      'https://a.example/',
      /character 18 the keyset has nothing more and the token "\/" \(a slash too many\)/,
    ],
    ['https://a.example/', 'https://a.example', /character 18 the keyset has "\/" and the token nothing more/],
    [
      'https://a.example',
      'https://A.example',
      /character 9 the keyset has "a" and the token "A" \(upper and lower case differ\)/,
    ],
    ['https://a.example', 'https://a.example ', /the token U\+0020 \(a blank too many\)/],
    ['https://a.example', 'https://\u0430.example', /the keyset has "a" and the token U\+0430/],
    ['', 'x', /character 1 the keyset has nothing more and the token "x"/],
  ] as const) {
    test(`${JSON.stringify(stated)} and ${JSON.stringify(given)}`, () =>
      assert.match(firstDifference(stated, given) ?? '', said));
  }

  test('is there exactly when they differ', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        (one, other) => (firstDifference(one, other) === undefined) === (one === other),
      ),
    );
  });
});

test('text of a stranger loses what could be part of a token, and keeps its words', () => {
  const token = signToken({ alg: 'RS256', kid: 'k' }, { sub: 'me' }, privateKey);
  const said = redactTokens(`Bad token: ${token}, session 00D${'x'.repeat(15)}!AQEA.xyz_1, key ${'Q'.repeat(64)}.`);
  assert.match(
    said,
    /^Bad token: \[sha256:[0-9a-f]{12}\], session \[sha256:[0-9a-f]{12}\], key \[sha256:[0-9a-f]{12}\]\.$/,
  );
  assert.ok(said.includes(tokenFingerprint(token)));
  assert.equal(
    redactTokens('User verification configuration has no active AuthSchemes.'),
    'User verification configuration has no active AuthSchemes.',
  );
  assert.ok(redactTokens('word '.repeat(1000)).length < 400);
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  firstDifference,
  keySource,
  tokenFingerprint,
  readToken,
  signToken,
  isSignedBy,
  redactTokens,
} from '../../../lib/token';
import { keyPair } from '../jwk/test-keys';

const { privateKey, publicKey } = keyPair();

describe('a token', () => {
  test('is parsed and verified with any claims, and not verified if one character is changed', () => {
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

  test('is parsed from any text without an error, and no problem repeats the text', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 8 }), (text) => {
        const { problem, token } = readToken(text);
        assert.ok(token !== undefined || (problem !== '' && !problem?.includes(text)));
      }),
    );
  });

  for (const [name, text, problem] of [
    ['an access token of an org', `00D${'x'.repeat(15)}!AQ.abc`, /session ID/],
    ['an encrypted token', 'a.b.c.d.e', /encrypted/],
    ['two parts', 'a.b', /3 parts\. This text has 2/],
    ['a line break', 'a.b\n.c', /spaces or line breaks/],
    ['standard base64', 'a.b+.c', /standard base64/],
    ['a header that is no object', 'W10.e30.x', /header/],
    ['claims that are no object', 'e30.W10.x', /claims/],
    ['no text', '', /contains no token/],
  ] as const) {
    test(`with ${name} is rejected with its problem`, () => assert.match(readToken(text).problem ?? '', problem));
  }
});

describe('a private key as the source of tokens', () => {
  const spec = { org: 'dev', orgId: '00D000000000001EAA', channel: 'Web', subject: 'me', issuer: 'https://a.example' };
  const now = new Date('2026-10-01T12:00:00.900Z');

  test('signs a token for the subject that expires after 60 seconds', async () => {
    const { token } = readToken(await keySource(privateKey).getToken({ ...spec, kid: 'k', now }));
    assert.ok(token && isSignedBy(token, publicKey));
    assert.deepEqual(token.header, { alg: 'RS256', kid: 'k', typ: 'JWT' });
    const iat = Date.UTC(2026, 9, 1, 12) / 1000;
    assert.deepEqual(token.claims, { iss: 'https://a.example', sub: 'me', iat, exp: iat + 60 });
  });

  test('signs no token without a kid', () =>
    assert.rejects(keySource(privateKey).getToken({ ...spec, now }), { code: 'unknown-component' }));
});

describe('the first difference of two issuers', () => {
  for (const [declared, actual, message] of [
    [
      'https://a.example',
      'https://a.example/',
      /character 18 the keyset has no character and the token "\/" \(an additional slash\)/,
    ],
    [
      'https://a.example/',
      'https://a.example',
      /character 18 the keyset has "\/" and the token no character \(an additional slash\)/,
    ],
    [
      'https://a.example',
      'https://A.example',
      /character 9 the keyset has "a" and the token "A" \(uppercase and lowercase differ\)/,
    ],
    ['https://a.example', 'https://a.example ', /the token U\+0020 \(an additional space\)/],
    ['https://a.example', 'https://\u0430.example', /the keyset has "a" and the token U\+0430/],
    ['', 'x', /character 1 the keyset has no character and the token "x"/],
  ] as const) {
    test(`is described for ${JSON.stringify(declared)} and ${JSON.stringify(actual)}`, () =>
      assert.match(firstDifference(declared, actual) ?? '', message));
  }

  test('exists exactly if they differ', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) =>
        assert.equal(firstDifference(one, other) === undefined, one === other),
      ),
    );
  });
});

test('untrusted text keeps its words and loses everything that can be part of a token', () => {
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

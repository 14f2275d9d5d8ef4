import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { JWK_PROBLEMS, readJwk } from '../../../lib/jwk';
import { publicJwk, NOW, type Jwk } from './test-keys';

const codesOf = (text: string): readonly string[] => readJwk(text, NOW).problems.map(({ code }) => code);
const codesOfKey = (jwk: Jwk): readonly string[] => codesOf(JSON.stringify(jwk));

test('readJwk never throws for any text', () => {
  const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.json());
  fc.assert(fc.property(text, (input) => assert.ok(readJwk(input, NOW).problems.length > 0)));
});

/** Members of keys with values of every type, so that the reader gets past its first checks. */
const anyMembers = async (): Promise<fc.Arbitrary<Jwk>> => {
  const good = await publicJwk();
  const names = [...Object.keys(good), 'd', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'y', 'crv', 'keys', '__proto__'];
  const value = fc.oneof(fc.jsonValue(), fc.constantFrom(...Object.values(good)), fc.base64String());
  return fc.dictionary(fc.constantFrom(...names), value).map((changes) => ({ ...good, ...changes }));
};

test('readJwk reports only known codes for any members', async () => {
  const known = new Set(Object.keys(JWK_PROBLEMS));
  const claim = (jwk: Jwk): void => codesOfKey(jwk).forEach((code) => assert.ok(known.has(code)));
  fc.assert(fc.property(await anyMembers(), claim), { numRuns: 500 });
});

test('never repeats the value of a private member, even if another member has the same value', async () => {
  const names = fc.constantFrom('d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k');
  const secrets = fc.dictionary(names, fc.base64String({ minLength: 12, maxLength: 40 }), { minKeys: 1 });
  const claim = (jwk: Jwk, secret: Jwk): void => {
    const [value] = Object.values(secret);
    const spread = { kty: value, alg: value, use: value, kid: value };
    for (const key of [
      { ...jwk, ...secret },
      { ...jwk, ...secret, ...spread },
      { ...jwk, ...secret, ...spread, kty: 'RSA' },
    ]) {
      const told = JSON.stringify(readJwk(JSON.stringify(key), NOW).problems);
      for (const hidden of Object.values(secret)) assert.ok(!told.includes(String(hidden)));
    }
  };
  fc.assert(fc.property(await anyMembers(), secrets, claim));
});

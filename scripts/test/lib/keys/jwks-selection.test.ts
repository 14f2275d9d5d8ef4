import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseJsonKey } from '../../../lib/keys/json-key';
import type { KeyConstraints, ParseResult } from '../../../lib/keys/key-input';
import { keyPair, NOW, publicJwk, type Jwk } from '../jwk/test-keys';

const parse = (keys: readonly unknown[], constraints: Omit<KeyConstraints, 'now'> = {}): ParseResult =>
  parseJsonKey('jwks.json', JSON.stringify({ keys }), { ...constraints, now: NOW });

const importedOf = ({ jwk }: ParseResult): unknown => jwk && [jwk.kid, jwk.alg];

const findingOf = (result: ParseResult): string => {
  const [finding] = result.jwk ? [] : result.findings;
  return finding ? `${finding.rule}: ${finding.message} ${finding.fix}` : assert.fail('the key was imported');
};

let [first, second]: Jwk[] = [];
test.before(async () => {
  first = await publicJwk();
  second = { ...(await publicJwk(keyPair('second'))), kid: 'key-2' };
});

describe('the key of a JWKS document that can verify tokens is imported', () => {
  test('beside a key for encryption with or without the same kid', () => {
    for (const kid of ['key-1', 'enc'])
      assert.deepEqual(importedOf(parse([{ ...first, kid, use: 'enc', alg: 'RSA-OAEP' }, first], {})), [
        'key-1',
        'RS256',
      ]);
  });

  test('beside keys of other types and with other operations', () => {
    const others = [{ kty: 'EC', kid: 'key-1', crv: 'P-256' }, { ...second, key_ops: ['encrypt'] }, 7];
    assert.deepEqual(importedOf(parse([...others, first])), ['key-1', 'RS256']);
  });

  test('selected by --alg, if one kid has several algorithms', () => {
    const keys = ['RS256', 'RS384', 'RS512'].map((alg) => ({ ...first, alg }));
    for (const alg of ['RS256', 'RS512'])
      assert.deepEqual(importedOf(parse(keys, { kid: 'key-1', alg })), ['key-1', alg]);
    assert.match(findingOf(parse(keys, { kid: 'key-1' })), /same kid: key-1\. .*--alg RS256 or --alg RS512\./);
  });

  test('with the algorithm of --alg, if it declares none', () => {
    const { alg: _, ...jwk } = first ?? {};
    assert.deepEqual(importedOf(parse([jwk], { alg: 'RS512' })), ['key-1', 'RS512']);
    assert.match(findingOf(parse([jwk])), /^jwk-alg: .*alg is missing.*add --alg with the one that signs your tokens/);
  });
});

describe('a selection that is not clear is rejected with the choice', () => {
  test('several usable keys', () => {
    assert.match(findingOf(parse([first, second])), /^jwks-several: .* 2 keys .*--kid key-1 or --kid key-2\./);
  });

  test('one kid for two keys with the same algorithm', () => {
    assert.match(
      findingOf(parse([first, { ...second, kid: 'key-1' }])),
      /^jwks-several: .*Give each key a unique kid\./,
    );
  });

  test('no key with the algorithm, or no key that verifies tokens', () => {
    const keys = [
      { ...first, alg: 'RS512' },
      { ...second, kid: 'key-1', use: 'enc' },
    ];
    const message = findingOf(parse(keys, { kid: 'key-1', alg: 'RS256' }));
    assert.match(message, /^jwks-none: No key .* with RS256\. key-1: Its algorithm is RS512\. key-1: .*use is enc/);
  });
});

test('a key of a provider without x5c is not uploaded; the fix is a keyset with its JWKS URL', () => {
  for (const jwk of [first, second, { ...first, kid: 'J4j+I06r0I0vpYnBNucugV8xAPV5/Xv4uYrrpwwSNK0=' }]) {
    const { x5c: _, ...without } = jwk ?? {};
    assert.match(findingOf(parse([without])), /^jwk-x5c-missing: .*keyset of type JWKS_URL .*--certificate FILE/);
  }
});

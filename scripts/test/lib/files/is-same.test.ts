import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isSameJson } from '../../../lib/files';

const CASES: readonly (readonly [left: string, right: string, same: boolean])[] = [
  ['{"a":1,"b":2}', ' { "b" : 2 ,\n"a" : 1 } ', true],
  ['{"a":{"b":1,"c":2}}', '{"a":{"c":2,"b":1}}', true],
  ['[{"a":1,"b":2}]', '[{"b":2,"a":1}]', true],
  ['"\\u0041"', '"A"', true],
  ['1.0', '1', true],
  ['[1,2]', '[2,1]', false],
  ['{"a":1}', '{"a":"1"}', false],
  ['{"a":1}', '{"a":1,"b":null}', false],
  ['{"__proto__":1}', '{}', false],
  ['{"__proto__":1}', '{"__proto__":2}', false],
  ['null', '{}', false],
  ['[]', '{}', false],
  ['{"0":1}', '[1]', false],
  ['{', '{', true],
  ['{', '{ ', false],
  ['', '', true],
  ['', '{}', false],
];

for (const [left, right, same] of CASES) {
  test(`${JSON.stringify(left)} and ${JSON.stringify(right)} are ${same ? 'equal' : 'different'}`, () => {
    assert.equal(isSameJson(left, right), same);
    assert.equal(isSameJson(right, left), same);
  });
}

test('two JSON texts are equal exactly if their values are equal', () => {
  const value = fc.jsonValue({ maxDepth: 2 }).map((each) => JSON.parse(JSON.stringify(each)) as unknown);
  fc.assert(
    fc.property(value, value, (one, other) => {
      let equal = true;
      try {
        assert.deepEqual(one, other);
      } catch {
        equal = false;
      }
      assert.equal(isSameJson(JSON.stringify(one), JSON.stringify(other, null, 1)), equal);
      assert.ok(isSameJson(JSON.stringify(one), JSON.stringify(one, null, 1)));
    }),
  );
});

test('texts that are nested too deeply to parse are equal only if they are identical', () => {
  const deep = '['.repeat(50_000) + ']'.repeat(50_000);
  assert.equal(isSameJson(deep, deep), true);
  assert.equal(isSameJson(deep, ` ${deep}`), false);
});

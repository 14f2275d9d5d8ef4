import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isJsonObject, parseJsonObject } from '../../../lib/files';

test('isJsonObject accepts objects only', () => {
  assert.deepEqual([{}, { a: 1 }].map(isJsonObject), [true, true]);
  assert.deepEqual([null, [], 'text', 1, true, undefined].map(isJsonObject), Array(6).fill(false));
});

test('parseJsonObject returns undefined for text that is not a JSON object', () => {
  assert.deepEqual(parseJsonObject('{"a":1}'), { a: 1 });
  assert.deepEqual(['[]', 'null', '1', '{', ''].map(parseJsonObject), Array(5).fill(undefined));
});

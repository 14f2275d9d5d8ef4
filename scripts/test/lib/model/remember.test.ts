import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readOnce } from '../../../lib/model';
import { readXml } from '../../../lib/metadata';

test('reads each text once, also one without a result', () => {
  const texts: string[] = [];
  const length = readOnce((text) => {
    texts.push(text);
    return text.length;
  });
  assert.deepEqual([length('a'), length('bb'), length('a'), length(''), length('')], [1, 2, 1, 0, 0]);
  assert.deepEqual(texts, ['a', 'bb', '']);
});

test('forgets what it read before the texts take too much memory', () => {
  let count = 0;
  const read = readOnce((text) => ({ text, count: ++count }));
  const [first, long] = ['first', 'x'.repeat(2 ** 20)];
  assert.equal(read(first), read(first));
  read(long);
  assert.deepEqual([read(first).count, read(long).count], [3, 4]);
});

test('a text in two files has the origin of each file', () => {
  const text = '<A xmlns="http://soap.sforce.com/2006/04/metadata"/>';
  const files = ['one.xml', 'two.xml', undefined].map((file) => readXml(text, file).root?.origin?.file);
  assert.deepEqual(files, ['one.xml', 'two.xml', undefined]);
});

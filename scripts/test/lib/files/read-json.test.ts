import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readJson } from '../../../lib/files';

const INVALID_JSON: readonly (readonly [what: string, text: string, line: number])[] = [
  ['a comma too many', '{\n"a": [\n1,\n]}', 4],
  ['a missing comma', '{"a": 1\n"b": 2}', 2],
  ['a comment', '{\n// why\n"a": 1}', 2],
  ['single quotes', "{\n'a': 1}", 2],
  ['a name without quotes', '{\na: 1}', 2],
  ['an unclosed string', '{\n"a": "b}', 2],
  ['a line break in a string', '{\n"a": "b\nc"}', 2],
  ['a tab in a string', '["\t"]', 1],
  ['an unknown escape', '\n["\\x"]', 2],
  ['an unclosed bracket', '{\n"a": [1', 2],
  ['a mismatched bracket', '{\n"a": [1}', 2],
  ['a second value', '{}\n{}', 2],
  ['a word that is not a value', '[\nundefined]', 2],
  ['a number with a leading zero', '[\n01]', 2],
  ['a number that ends in a point', '[\n1.]', 2],
  ['Infinity', '[Infinity]', 1],
  ['a duplicate member', '{\n"a": 1,\n"a": 2}', 3],
  ['a duplicate member in an item', '[{},\n{"a": {"b": 1,\n"b": 1}}]', 3],
  ['51 levels', '['.repeat(51) + ']'.repeat(51), 1],
  ['100,000 levels', '['.repeat(100_000) + ']'.repeat(100_000), 1],
  ['levels after unmatched closing brackets', `[${'}'.repeat(100_000)},${'['.repeat(100_000)}`, 1],
  ['levels that alternate with unmatched closing brackets', '[},'.repeat(50_000), 1],
];

for (const [what, text, line] of INVALID_JSON) {
  test(`reports ${what} at line ${line}`, () => {
    const { problems } = readJson(text);
    assert.equal(problems[0]?.line, line, problems[0]?.message);
    assert.match(problems[0]?.message ?? '', /^\S.*\.$/);
  });
}

test('reports a file without content as empty', () => {
  for (const text of ['', ' \n\n', '\uFEFF']) {
    assert.deepEqual(readJson(text).problems, [{ line: 1, message: 'The file is empty.' }]);
  }
});

test('reads the line of every value by dotted path', () => {
  const { lines, problems } = readJson('\uFEFF{ "a":\n1,\r\n"b": [\n{ "c": null },\n\n"d"] }');
  assert.deepEqual(problems, []);
  assert.deepEqual(
    [...lines],
    [
      ['', 1],
      ['a', 2],
      ['b', 3],
      ['b.0', 4],
      ['b.0.c', 4],
      ['b.1', 6],
    ],
  );
});

test('reads any JSON as JSON.parse does', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 5 }), (text) => {
      const { value, problems } = readJson(text);
      assert.deepEqual(problems, []);
      assert.equal(JSON.stringify(value), JSON.stringify(JSON.parse(text)));
    }),
  );
});

test('does not count a name with dots or an empty name as a duplicate member', () => {
  assert.deepEqual(readJson('{"a.b": 1, "a": {"b": 2}}').problems, []);
  assert.deepEqual(readJson('{"": 1}').problems, []);
});

test('reads 50 levels of nesting, without counting brackets in strings', () => {
  assert.deepEqual(readJson('['.repeat(50) + ']'.repeat(50)).problems, []);
  assert.deepEqual(readJson(JSON.stringify('['.repeat(1000))).problems, []);
  assert.deepEqual(readJson(JSON.stringify('\\"['.repeat(1000))).problems, []);
});

test('reads a string of 20,000,000 characters', () => {
  const long = 'a'.repeat(20_000_000);
  assert.deepEqual(readJson(JSON.stringify(long)).value, long);
});

test('never throws for any text, and rejects the texts that JSON.parse rejects', () => {
  const token = fc.constantFrom(
    ...'{}[]:,"\\ \n',
    '"a"',
    '1',
    '-',
    'e',
    '.',
    'null',
    'true',
    '//',
    '/*',
    '\u0001',
    '\u00A0',
  );
  const soup = fc.array(token, { maxLength: 12 }).map((tokens) => tokens.join(''));
  fc.assert(
    fc.property(fc.oneof(soup, fc.string({ unit: 'binary', maxLength: 20 })), (text) => {
      const { problems } = readJson(text);
      const twice = problems.every(({ message }) => message.endsWith('is declared twice.'));
      assert.equal(isJson(text.replace(/^\uFEFF/, '')), twice, problems[0]?.message ?? 'no problem');
      for (const { line } of problems) assert.ok(line >= 1 && line <= text.split('\n').length);
    }),
    { numRuns: 2000 },
  );
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

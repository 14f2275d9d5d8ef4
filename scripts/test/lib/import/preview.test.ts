import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { previewText } from '../../../lib/import/preview';

const layout = { columns: 40, color: false };

test('a new file shows every line as added', () => {
  assert.equal(
    previewText(layout, [{ path: 'config/orgs/uat.json', before: undefined, after: '{\n}\n' }]),
    'config/orgs/uat.json (new)\n+ {\n+ }',
  );
});

test('a changed file marks deleted and added lines, and keeps equal lines', () => {
  assert.equal(
    previewText(layout, [{ path: 'a', before: 'one\ntwo\nthree\n', after: 'one\n2\nthree\nfour\n' }]),
    'a (changed)\n  one\n- two\n+ 2\n  three\n+ four',
  );
});

test('several files are separated by an empty line', () => {
  const files = ['a', 'b'].map((path) => ({ path, before: undefined, after: 'x\n' }));
  assert.equal(previewText(layout, files), 'a (new)\n+ x\n\nb (new)\n+ x');
});

test('a line that is wider than the terminal is cut at its width', () => {
  const lineOf = (length: number): string | undefined =>
    previewText(layout, [{ path: 'a', before: undefined, after: 'x'.repeat(length) }]).split('\n')[1];
  assert.equal(lineOf(38), `+ ${'x'.repeat(38)}`);
  assert.equal(lineOf(39), `+ ${'x'.repeat(37)}…`);
});

test('control characters of an org are escaped in lines and paths', () => {
  const text = previewText(layout, [{ path: 'a\u001B[2J', before: undefined, after: '\u001B[2Jx\n' }]);
  assert.equal(text.includes('\u001B'), false);
});

test('the marked lines contain both texts completely', () => {
  const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      const file = { path: 'p', before: `${before.join('\n')}\n`, after: `${after.join('\n')}\n` };
      const shown = previewText(layout, [file]).split('\n').slice(1);
      const side = (mark: string): readonly string[] =>
        shown.filter((line) => line.startsWith(mark) || line.startsWith(' ')).map((line) => line.slice(2));
      assert.deepEqual([side('-'), side('+')], [before, after]);
    }),
  );
});

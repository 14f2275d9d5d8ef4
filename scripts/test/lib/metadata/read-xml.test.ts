import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readXml, writeXml } from '../../../lib/metadata';
import { elementAt } from '../../../lib/model';
import { anyElement } from './any-element';
import { INVALID_XML } from './invalid-xml';

for (const [what, text, line] of INVALID_XML) {
  test(`rejects ${what} at line ${line}`, () => {
    const { root, problem } = readXml(text, 'a.xml');
    assert.equal(root, undefined, 'it was read as metadata');
    assert.equal(problem?.line, line, problem?.message);
    assert.match(problem?.message ?? '', /^\S.*\.$/s);
  });
}

const assertHandled = (text: string): void => {
  const { root, problem } = readXml(text, 'a.xml');
  assert.notEqual(root === undefined, problem === undefined);
  if (problem) assert.ok(problem.line >= 1 && problem.line <= text.split(/\r\n?|\n/).length + 1, String(problem.line));
};

test('readXml ignores a prefix that is bound to the metadata namespace, and keeps any other prefix', () => {
  const namespace = 'http://soap.sforce.com/2006/04/metadata';
  const xml = `<m:Queue xmlns:m="${namespace}" xmlns:x="https://example.com"><m:name>Chat</m:name><x:name>Other</x:name></m:Queue>`;
  const { root } = readXml(xml, 'a.xml');
  assert.deepEqual([root?.name, root?.children.map(({ name }) => name)], ['Queue', ['name', 'x:name']]);
});

test('readXml never throws for any text', () => {
  const markup = fc.constantFrom(
    '<',
    '>',
    '/',
    '<!',
    '<?',
    '?>',
    '<![CDATA[',
    ']]>',
    '<!--',
    '-->',
    '&',
    ';',
    '"',
    '=',
    'a',
  );
  const soup = fc.array(fc.oneof(markup, fc.string({ unit: 'binary', maxLength: 3 })), { maxLength: 30 });
  fc.assert(
    fc.property(
      fc.oneof(
        soup.map((parts) => parts.join('')),
        fc.string({ unit: 'binary' }),
      ),
      assertHandled,
    ),
  );
});

test('readXml never throws for a valid file with a part deleted, duplicated, or moved', () => {
  const place = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(anyElement, place, place, place, (element, one, other, target) => {
      const text = writeXml(element);
      const [from, to] = [one, other].map((share) => Math.floor(share * text.length)).sort((a, b) => a - b);
      const at = Math.floor(target * text.length);
      const piece = text.slice(from, to);
      assertHandled(text.slice(0, from) + text.slice(to));
      assertHandled(text.slice(0, at) + piece + text.slice(at));
    }),
  );
});

test('reads the file and line of every element', () => {
  const text =
    '\uFEFF<?xml version="1.0"?>\r\n<!-- a\n b -->\n<Queue>\n  <name\n   >Chat</name\n  ><more>\n<x/></more>\n</Queue>';
  const { root } = readXml(text, 'queues/Chat.xml');
  const lines = ['name', 'more', 'more.x'].map((path) => root && elementAt(root, path)?.origin);
  assert.deepEqual(
    [root?.origin, ...lines],
    [4, 5, 7, 8].map((line) => ({ file: 'queues/Chat.xml', line })),
  );
});

test('reads elements of an org, which have no file, without an origin', () => {
  const { root } = readXml('<Queue><name>Chat</name></Queue>');
  assert.deepEqual(root, {
    name: 'Queue',
    attributes: {},
    text: '',
    children: [{ name: 'name', attributes: {}, text: 'Chat', children: [] }],
  });
});

const TEXTS: readonly (readonly [claim: string, written: string, read: string])[] = [
  ['replaces entities with their characters', '&amp;&lt;&gt;&quot;&apos;&#65;&#x42;&#x1F600;', '&<>"\'AB\u{1F600}'],
  ['reads CDATA as text', 'a<![CDATA[<b> & ]] > ]]>c', 'a<b> & ]] > c'],
  ['ignores comments and instructions in text', 'a<!-- < -->b<?x y?>c', 'abc'],
  ['keeps spaces and line breaks in text', ' \n\ta  b\n ', ' \n\ta  b\n '],
  ['reads CR and CR LF as line feeds (XML 1.0, section 2.11)', 'a\r\nb\rc', 'a\nb\nc'],
  ['keeps a carriage return that is written as a reference', 'a&#13;&#xD;\n', 'a\r\r\n'],
  ['keeps Unicode line separators in text', 'a\u2028b\u0085c\u2029', 'a\u2028b\u0085c\u2029'],
];

for (const [claim, written, text] of TEXTS) {
  test(`${claim}`, () => {
    assert.equal(readXml(`<a>${written}</a>`).root?.text, text);
  });
}

test('ignores whitespace between elements', () => {
  assert.equal(readXml('<a>\n  <b/>\n <!-- c -->\n</a>').root?.text, '');
});

test('reads 50 levels of nesting and rejects 51', () => {
  const nested = (levels: number): string => '<a>'.repeat(levels) + '</a>'.repeat(levels);
  assert.ok(readXml(nested(51)).root);
  assert.match(readXml(nested(52)).problem?.message ?? '', /nested more than 50 levels/);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readXml, writeXml } from '../../../lib/metadata';
import { elementAt } from '../../../lib/model';
import { anyElement } from './any-element';
import { INVALID_XML } from './invalid-xml';

for (const [what, text, line] of INVALID_XML) {
  test(`${what} is refused at line ${line}`, () => {
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

test('any text at all is answered, never with an exception', () => {
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

test('a valid file with a piece taken out, doubled or put elsewhere is answered, never with an exception', () => {
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

test('every element carries the file and its line', () => {
  const text =
    '\uFEFF<?xml version="1.0"?>\r\n<!-- a\n b -->\n<Queue>\n  <name\n   >Chat</name\n  ><more>\n<x/></more>\n</Queue>';
  const { root } = readXml(text, 'queues/Chat.xml');
  const lines = ['name', 'more', 'more.x'].map((path) => root && elementAt(root, path)?.origin);
  assert.deepEqual(
    [root?.origin, ...lines],
    [4, 5, 7, 8].map((line) => ({ file: 'queues/Chat.xml', line })),
  );
});

test('without a file nothing says where it stood, for it was read from an org', () => {
  const { root } = readXml('<Queue><name>Chat</name></Queue>');
  assert.deepEqual(root, {
    ...{ name: 'Queue', attributes: {}, text: '' },
    children: [{ name: 'name', attributes: {}, text: 'Chat', children: [] }],
  });
});

const TEXTS: readonly (readonly [claim: string, written: string, read: string])[] = [
  ['entities stand for their characters', '&amp;&lt;&gt;&quot;&apos;&#65;&#x42;&#x1F600;', '&<>"\'AB\u{1F600}'],
  ['CDATA is text', 'a<![CDATA[<b> & ]] > ]]>c', 'a<b> & ]] > c'],
  ['comments and instructions inside a text are left out', 'a<!-- < -->b<?x y?>c', 'abc'],
  ['blanks and line breaks are kept', ' \n\ta  b\n ', ' \n\ta  b\n '],
  ['line ends of Windows and of old Macs become line feeds, as XML 1.0 says (2.11)', 'a\r\nb\rc', 'a\nb\nc'],
  ['a carriage return that is written as a reference stays', 'a&#13;&#xD;\n', 'a\r\r\n'],
  ['the line separators of Unicode are characters like others', 'a\u2028b\u0085c\u2029', 'a\u2028b\u0085c\u2029'],
];

for (const [claim, written, text] of TEXTS) {
  test(`${claim}`, () => {
    assert.equal(readXml(`<a>${written}</a>`).root?.text, text);
  });
}

test('blanks between elements are no text', () => {
  assert.equal(readXml('<a>\n  <b/>\n <!-- c -->\n</a>').root?.text, '');
});

test('fifty levels are read and one more is refused', () => {
  const nested = (levels: number): string => '<a>'.repeat(levels) + '</a>'.repeat(levels);
  assert.ok(readXml(nested(51)).root);
  assert.match(readXml(nested(52)).problem?.message ?? '', /nested more than 50 levels/);
});

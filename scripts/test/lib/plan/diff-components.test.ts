import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leaf, mapOf, parent, type Component, type Element } from '../../../lib/model';
import { diffComponents } from '../../../lib/plan';
import { formatValue } from '../../../lib/plan/format-value';

const interned = new Map<string, Element>();

/** Equal elements as one object, as `overlay` returns them for what a component and its target share. */
function intern(element: Element): Element {
  const key = JSON.stringify(element);
  const known = interned.get(key) ?? { ...element, children: element.children.map(intern) };
  interned.set(key, known);
  return known;
}

const channel = (...children: readonly Element[]): Component => ({
  type: 'MessagingChannel',
  fullName: 'Web',
  root: parent('MessagingChannel', children.map(intern)),
});
const item = (name: string, value: string): Element =>
  parent('customParameters', [leaf('name', name), leaf('parameterDataType', value)]);
const keywords = (...words: readonly string[]): Element =>
  parent('messagingKeywords', [
    leaf('keywordType', 'OptIn'),
    leaf('language', 'en_US'),
    ...words.map((each) => leaf('keyword', each)),
  ]);
const config = (...children: readonly Element[]): Element => parent('embeddedConfig', children);

type Row = readonly [path: string, from: string | null, to: string | null];
const CASES: Readonly<Record<string, readonly [before: readonly Element[], after: readonly Element[], Row[]]>> = {
  'a changed text': [[leaf('description', 'A')], [leaf('description', 'B')], [['description', 'A', 'B']]],
  'an added text': [[], [leaf('description', 'B')], [['description', null, 'B']]],
  'a removed text': [[leaf('description', 'A')], [], [['description', 'A', null]]],
  'a nested text': [[config(leaf('a', '1'))], [config(leaf('a', '2'))], [['embeddedConfig.a', '1', '2']]],
  'an added parent': [[], [config(leaf('a', '1'), leaf('b', '2'))], [['embeddedConfig', null, 'a 1, b 2']]],
  'list items': [
    [item('A', 'x'), item('B', 'x')],
    [item('B', 'y'), item('C', 'x')],
    [
      ['customParameters[A]', 'name A, parameterDataType x', null],
      ['customParameters[B].parameterDataType', 'x', 'y'],
      ['customParameters[C]', null, 'name C, parameterDataType x'],
    ],
  ],
  'list items in another order': [[item('A', 'x'), item('B', 'x')], [item('B', 'x'), item('A', 'x')], []],
  'a set of values': [
    [keywords('b', 'a')],
    [keywords('c', 'a')],
    [['messagingKeywords[OptIn,en_US].keyword', 'a, b', 'a, c']],
  ],
  'a set that is added': [[keywords()], [keywords('a')], [['messagingKeywords[OptIn,en_US].keyword', null, 'a']]],
  'a set that is removed': [[keywords('a')], [keywords()], [['messagingKeywords[OptIn,en_US].keyword', 'a', null]]],
  'a set in another order': [[keywords('b', 'a')], [keywords('a', 'b')], []],
  'a text that lists values': [
    [leaf('allowedFileTypes', 'png;pdf')],
    [leaf('allowedFileTypes', 'txt, pdf')],
    [['allowedFileTypes', 'pdf, png', 'pdf, txt']],
  ],
  'a list without a key': [[leaf('other', 'b'), leaf('other', 'a')], [leaf('other', 'c')], [['other', 'a, b', 'c']]],
  'a list without a key that grows': [
    [leaf('other', 'c')],
    [leaf('other', 'c'), leaf('other', 'a')],
    [['other', 'c', 'a, c']],
  ],
};

for (const [title, [before, after, rows]] of Object.entries(CASES)) {
  test(`diffComponents reports ${title}${rows.length === 0 ? ' as no difference' : ''}`, () => {
    const expected = rows.map(([path, from, to]) => ({
      component: 'MessagingChannel:Web',
      action: 'update',
      path,
      from,
      to,
    }));
    assert.deepEqual(diffComponents(mapOf([channel(...before)]), mapOf([channel(...after)])), expected);
  });
}

test('diffComponents skips an element that is the same object', () => {
  const same = channel(leaf('description', 'A'));
  assert.deepEqual(diffComponents(mapOf([same]), mapOf([same])), []);
});

test('diffComponents reports a new component by masterLabel, else label, else its name', () => {
  const labels = [[leaf('label', 'L'), leaf('masterLabel', 'M')], [leaf('label', 'L')], []].map((children) =>
    diffComponents(new Map(), mapOf([channel(...children)])),
  );
  assert.deepEqual(
    labels.flat(),
    ['M', 'L', 'Web'].map((to) => ({ component: 'MessagingChannel:Web', action: 'create', path: '', from: null, to })),
  );
});

test('formatValue shows an empty boolean as false, a byte-exact text with its spaces, other text trimmed', () => {
  const rows = [
    [leaf('enabled', ' '), 'false'],
    [leaf('isActive', ''), 'false'],
    [leaf('enabled', 'true'), 'true'],
    [leaf('description', ' '), ''],
    [leaf('description', ' a '), 'a'],
    [leaf('jwtIssuer', 'a '), '"a "'],
    [leaf('jwtIssuer', 'a'), 'a'],
    [parent('a', [leaf('b', '1'), parent('c', [leaf('d', '2')])]), 'b 1, c d 2'],
  ] as const;
  for (const [element, text] of rows) assert.equal(formatValue(element), text);
});

test('formatValue shows a key by kid and the last eight characters of modulus and certificate', () => {
  const show = (members: object): string => formatValue(leaf('jsonWebKey', JSON.stringify(members)));
  assert.equal(show({ kid: 'k', n: 'aaaa12345678' }), 'kid k (n ...12345678)');
  assert.equal(show({ kid: 'k', n: 'n', x5c: ['bbbbABCDEFGH=='] }), 'kid k (n ...n, x5c ...ABCDEFGH)');
  assert.equal(show({ kid: 'k', n: 'a=b', x5c: 'text' }), 'kid k (n ...a=b)');
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { replaceExactly, overlay, readXml, writeXml } from '../../../lib/metadata';
import { leaf, parent, type Element } from '../../../lib/model';
import { anyChannel } from './any-channel';

const RUNS = { numRuns: 1000 };

/** Channels with the namespaces that the writer declares. */
const anyReadableChannel = anyChannel.map((channel): Element => ({ ...channel, attributes: {} }));

/** The same content in new objects, as after another retrieve. */
const reread = (element: Element): Element => readXml(writeXml(element)).root ?? assert.fail();

test('replaceExactly returns the live element if an equal one was retrieved again', () => {
  fc.assert(
    fc.property(anyReadableChannel, (channel) => {
      const live = reread(channel);
      assert.equal(replaceExactly(live, reread(live)), live);
    }),
    RUNS,
  );
});

test('replaceExactly restores an element after any overlay', () => {
  fc.assert(
    fc.property(anyReadableChannel, anyReadableChannel, (before, stated) => {
      const changed = overlay(before, stated);
      const back = replaceExactly(changed, reread(before));
      assert.equal(replaceExactly(back, reread(before)), back, 'nothing is left to do');
      assert.equal(replaceExactly(before, back), before, 'it means what it meant');
    }),
    RUNS,
  );
});

const channel = (...children: readonly Element[]): Element => parent('MessagingChannel', children);
const authorization = (name: string, enabled: string): Element =>
  parent('messagingAuthorizations', [leaf('authIdentifier', name), leaf('enabled', enabled)]);
const config = (...children: readonly Element[]): Element => channel(parent('embeddedConfig', children));

const DIFFERENT: Readonly<Record<string, readonly [Element, Element]>> = {
  'an element that only the live one has': [channel(leaf('a', '1'), leaf('b', '2')), channel(leaf('a', '1'))],
  'an element that only the target has': [channel(leaf('a', '1')), channel(leaf('a', '1'), leaf('b', '2'))],
  'an additional list item': [
    config(authorization('A', 'true'), authorization('B', 'true')),
    config(authorization('A', 'true')),
  ],
  'a setting inside a list item': [config(authorization('A', 'true')), config(authorization('A', 'false'))],
};

for (const [what, [live, wanted]] of Object.entries(DIFFERENT)) {
  test(`replaceExactly removes the difference: ${what}`, () => {
    const laid = replaceExactly(live, wanted);
    assert.notEqual(laid, live);
    assert.equal(writeXml(laid), writeXml(wanted));
  });
}

test('replaceExactly writes elements in the order of the target, and defaults that only the org has last', () => {
  const live = config(leaf('enabled', 'false'), leaf('b', '1'), leaf('a', '1'));
  const replaced = replaceExactly(live, config(leaf('c', '1'), leaf('b', '2'), leaf('a', '1')));
  const [inner] = replaced.children;
  assert.deepEqual(
    inner?.children.map(({ name, text }) => `${name} ${text}`),
    ['c 1', 'b 2', 'a 1', 'enabled false'],
  );
});

test('replaceExactly replaces a list without a key if one side has several items', () => {
  const items = (...texts: readonly string[]): Element => channel(...texts.map((text) => leaf('other', text)));
  assert.deepEqual(
    [replaceExactly(items('a'), items('b', 'c')), replaceExactly(items('a', 'b'), items('c'))].map(({ children }) =>
      children.map(({ text }) => text),
    ),
    [['b', 'c'], ['c']],
  );
  const live = items('a', 'b');
  assert.equal(replaceExactly(live, items('b', 'a')), live);
});

test('replaceExactly replaces a text with elements', () => {
  const [text, elements] = [channel(leaf('a', '1')), channel(parent('a', [leaf('b', '2')]))];
  assert.equal(writeXml(replaceExactly(text, elements)), writeXml(elements));
});

const SAME: Readonly<Record<string, readonly [Element, Element]>> = {
  'elements in another order': [channel(leaf('a', '1'), leaf('b', '2')), channel(leaf('b', '2'), leaf('a', '1'))],
  'list items in another order': [
    config(authorization('A', 'true'), authorization('B', 'true')),
    config(authorization('B', 'true'), authorization('A', 'true')),
  ],
  'an explicit default in the org': [config(leaf('enabled', 'false'), leaf('b', '2')), config(leaf('b', '2'))],
  'an empty element that only the snapshot has': [channel(leaf('b', '2')), channel(leaf('b', '2'), leaf('a', ''))],
};

for (const [what, [live, wanted]] of Object.entries(SAME)) {
  test(`replaceExactly returns the live element for ${what}`, () => assert.equal(replaceExactly(live, wanted), live));
}

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

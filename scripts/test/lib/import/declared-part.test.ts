import assert from 'node:assert/strict';
import { test } from 'node:test';
import { declaredPart } from '../../../lib/import/declared-part';
import { childrenOf, textAt, type Component } from '../../../lib/model';
import { readComponent } from '../rules/org-components';

const objects = (...names: readonly string[]): string =>
  names.map((name) => `<queueSobject><sobjectType>${name}</sobjectType></queueSobject>`).join('');
const queue = (content: string): Component => readComponent('Queue', 'Chat', `<Queue>${content}</Queue>`);
const objectsOf = ({ root }: Component): readonly (string | undefined)[] =>
  childrenOf(root, 'queueSobject').map((item) => textAt(item, 'sobjectType'));

test('of the objects of a queue, MessagingSession is declared, and others only if the source has them', () => {
  const live = queue(objects('Case', 'MessagingSession', 'Lead'));
  assert.deepEqual(objectsOf(declaredPart(live)), ['MessagingSession']);
  assert.deepEqual(objectsOf(declaredPart(live, queue(objects('Lead')))), ['MessagingSession', 'Lead']);
});

test('an element that the project does not manage is declared only if the source has it, and empty elements never are', () => {
  const live = queue('<email>a@example.com</email><name>Chat</name><queueRoutingConfig></queueRoutingConfig>');
  const names = (component: Component): readonly string[] => component.root.children.map(({ name }) => name);
  assert.deepEqual(names(declaredPart(live)), ['name']);
  assert.deepEqual(names(declaredPart(live, queue('<email>b@example.com</email>'))), ['email', 'name']);
});

test('of two items with one key the first is declared', () => {
  const live = queue(
    '<queueSobject><sobjectType>MessagingSession</sobjectType></queueSobject>'.repeat(2) + '<name>Chat</name>',
  );
  assert.deepEqual(objectsOf(declaredPart(live)), ['MessagingSession']);
});

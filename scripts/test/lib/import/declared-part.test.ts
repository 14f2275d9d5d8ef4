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

test('declares MessagingSession of a queue, and other objects only if the source has them', () => {
  const live = queue(objects('Case', 'MessagingSession', 'Lead'));
  assert.deepEqual(objectsOf(declaredPart(live)), ['MessagingSession']);
  assert.deepEqual(objectsOf(declaredPart(live, queue(objects('Lead')))), ['MessagingSession', 'Lead']);
});

test('declares an unmanaged element only if the source has it, and never an empty one', () => {
  const live = queue('<email>a@example.com</email><name>Chat</name><queueRoutingConfig></queueRoutingConfig>');
  const names = (component: Component): readonly string[] => component.root.children.map(({ name }) => name);
  assert.deepEqual(names(declaredPart(live)), ['name']);
  assert.deepEqual(names(declaredPart(live, queue('<email>b@example.com</email>'))), ['email', 'name']);
});

test('declares the first of two items with the same key', () => {
  const live = queue(
    '<queueSobject><sobjectType>MessagingSession</sobjectType></queueSobject>'.repeat(2) + '<name>Chat</name>',
  );
  assert.deepEqual(objectsOf(declaredPart(live)), ['MessagingSession']);
});

test('declares isActive and enabled, also if the org omits them because they are false', () => {
  const key = readComponent('PublicKeyCertificate', 'Key', '<PublicKeyCertificate></PublicKeyCertificate>');
  assert.equal(textAt(declaredPart(key).root, 'isActive'), 'false');
  const item = '<messagingAuthorizations><authIdentifier>A</authIdentifier></messagingAuthorizations>';
  const xml = `<MessagingChannel><embeddedConfig>${item}</embeddedConfig></MessagingChannel>`;
  const { root } = declaredPart(readComponent('MessagingChannel', 'Web', xml));
  assert.equal(textAt(root, 'embeddedConfig.messagingAuthorizations.enabled'), 'false');
});

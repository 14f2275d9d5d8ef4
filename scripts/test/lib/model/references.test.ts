import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leaf, parent, referencesOf, type ComponentType, type Element } from '../../../lib/model';

const authorization = (keyset: string): Element =>
  parent('messagingAuthorizations', [leaf('publicKeyCertificateSetName', keyset)]);

const EXPECTED: readonly [ComponentType, readonly Element[], readonly string[]][] = [
  ['Queue', [leaf('queueRoutingConfig', 'Chat')], ['queueRoutingConfig QueueRoutingConfig:Chat']],
  [
    'PublicKeyCertificateSet',
    ['A', 'B'].map((name) => parent('publicKeyCertificateSetKeys', [leaf('publicKeyCertificate', name)])),
    [
      'publicKeyCertificateSetKeys.publicKeyCertificate PublicKeyCertificate:A',
      'publicKeyCertificateSetKeys.publicKeyCertificate PublicKeyCertificate:B',
    ],
  ],
  [
    'MessagingChannel',
    [
      leaf('sessionHandlerQueue', ' Chat\n'),
      leaf('queueRoutingConfig', 'Routing'),
      leaf('sessionHandlerFlow', 'Route'),
      parent('embeddedConfig', [leaf('offlineFormFlow', 'Offline'), authorization('One'), authorization('Two')]),
    ],
    [
      'embeddedConfig.messagingAuthorizations.publicKeyCertificateSetName PublicKeyCertificateSet:One',
      'embeddedConfig.messagingAuthorizations.publicKeyCertificateSetName PublicKeyCertificateSet:Two',
      'sessionHandlerQueue Queue:Chat',
      'queueRoutingConfig QueueRoutingConfig:Routing',
      'sessionHandlerFlow Flow:Route',
      'embeddedConfig.offlineFormFlow Flow:Offline',
    ],
  ],
  [
    'EmbeddedServiceConfig',
    [parent('embeddedServiceMessagingChannel', [leaf('messagingChannel', 'Web')])],
    ['embeddedServiceMessagingChannel.messagingChannel MessagingChannel:Web'],
  ],
];

for (const [type, children, expected] of EXPECTED) {
  test(`referencesOf returns each component that a ${type} names`, () => {
    const references = referencesOf({ type, fullName: 'A', root: parent(type, children) });
    assert.deepEqual(
      references.map((each) => `${each.path} ${each.type}:${each.name}`),
      expected,
    );
  });
}

test('referencesOf returns the element that holds the name', () => {
  const element = leaf('queueRoutingConfig', ' Chat ');
  const [reference] = referencesOf({ type: 'Queue', fullName: 'A', root: parent('Queue', [element]) });
  assert.equal(reference?.element, element);
});

test('referencesOf returns nothing for blank names, absent elements and types without references', () => {
  const of = (type: ComponentType, ...children: readonly Element[]) =>
    referencesOf({ type, fullName: 'A', root: parent(type, children) });
  assert.deepEqual(of('Queue', leaf('queueRoutingConfig', ' \n')), []);
  assert.deepEqual(of('MessagingChannel'), []);
  assert.deepEqual(of('PermissionSet', leaf('queueRoutingConfig', 'Chat')), []);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { invertTransition, keyOf, type Component, type Transition } from '../../../lib/model';
import { channel, chatDeployment, queue } from '../org/org-samples';

const [oldQueue, newQueue, newChannel, oldSite, newSite] = [
  queue('Chat', 'Old'),
  queue('Chat', 'New'),
  channel('New_Chat', 'Chat'),
  chatDeployment('Site', 'Web'),
  chatDeployment('New_Site', 'New_Chat'),
];
const entries = (components: readonly Component[]) => components.map((each) => [keyOf(each), each] as const);

/** A deploy that renames a queue, creates a channel and a chat deployment, and deletes a chat deployment. */
const TRANSITION: Transition = {
  from: {
    components: new Map([...entries([oldQueue, oldSite]), [keyOf(newChannel), null], [keyOf(newSite), null]]),
    channels: new Map([['Web', false]]),
    partial: false,
  },
  to: {
    components: new Map([...entries([newQueue, newChannel, newSite]), [keyOf(oldSite), null]]),
    channels: new Map([
      ['Web', true],
      ['New_Chat', true],
    ]),
    partial: true,
  },
  publish: ['New_Site'],
};

test('an inverted transition restores changed components, deletes created ones, and creates deleted ones', () => {
  const { from, to } = invertTransition(TRANSITION);
  assert.equal(from, TRANSITION.to);
  assert.deepEqual(Object.fromEntries(to.components), {
    'Queue:Chat': oldQueue,
    'MessagingChannel:New_Chat': null,
    'EmbeddedServiceConfig:New_Site': null,
    'EmbeddedServiceConfig:Site': oldSite,
  });
  assert.equal(to.partial, false);
});

test('an inverted transition deactivates channels that were inactive or did not exist', () => {
  assert.deepEqual(Object.fromEntries(invertTransition(TRANSITION).to.channels), { Web: false, New_Chat: false });
});

test('an inverted transition publishes restored chat deployments, and not those that it deletes', () => {
  assert.deepEqual(invertTransition(TRANSITION).publish, ['Site']);
});

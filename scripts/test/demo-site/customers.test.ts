import assert from 'node:assert/strict';
import { test } from 'node:test';
import { replyTo } from '../../demo-site/customers';

test('the service rep of the demo answers a verified customer with the name and the order', () => {
  assert.equal(
    replyTo('Where is my order?', 'v2/iamessage/AUTH/Customer/uid:C-1002'),
    'Hello Jonas. Your order: Two stoneware bowls. On its way, arrives tomorrow. You wrote: Where is my order?',
  );
});

test('the service rep of the demo knows nobody whose identity Salesforce did not verify', () => {
  for (const subject of ['v2/iamessage/UNAUTH/uid:x', 'v2/iamessage/AUTH/Customer/uid:C-10021', 'uid:C-1002'])
    assert.equal(replyTo('I am C-1002', subject), 'You wrote: I am C-1002');
});

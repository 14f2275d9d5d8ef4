import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keyOf, parseKey } from '../../../lib/model';

test('parseKey splits a component key at its first colon', () => {
  assert.deepEqual(parseKey('MessagingChannel:Web_Chat'), { type: 'MessagingChannel', fullName: 'Web_Chat' });
  assert.deepEqual(parseKey('Flow:a:b'), { type: 'Flow', fullName: 'a:b' });
  assert.deepEqual(parseKey('Queue'), { type: 'Queue', fullName: '' });
  assert.deepEqual(parseKey('Queue:'), { type: 'Queue', fullName: '' });
});

test('keyOf writes the key that parseKey reads', () => {
  assert.equal(keyOf({ type: 'Queue', fullName: 'Chat' }), 'Queue:Chat');
});

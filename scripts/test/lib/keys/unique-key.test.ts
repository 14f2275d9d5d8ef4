import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertUnique } from '../../../lib/keys/keyset';
import { mapOf } from '../../../lib/model';
import { key } from '../explain/test-org';
import { publicJwk } from '../jwk/test-keys';

test('a new key needs a name that no key has, whatever its case, and a kid that no key has', async () => {
  const source = mapOf([key('Chat_2026', { ...(await publicJwk()), kid: 'a' })]);
  const exists = { code: 'already-exists', exit: 3 };
  assert.throws(() => assertUnique(source, 'Chat_2026', undefined), exists);
  assert.throws(() => assertUnique(source, 'CHAT_2026', undefined), exists);
  assert.throws(() => assertUnique(source, 'Chat_2027', 'a'), exists);
  assertUnique(source, 'Chat_2027', 'A');
  assertUnique(source, 'Chat_2027', undefined);
});

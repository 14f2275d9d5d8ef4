import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { keyFactsOf } from '../../../lib/jwk';
import { orgKeyTrust, servedKeyTrust } from '../../../lib/keys/key-trust';
import { mapOf, type Component } from '../../../lib/model';
import { key, keyset } from '../explain/test-org';
import { keyPair, publicJwk } from '../jwk/test-keys';
import { servedKey } from './key-fixture';
import { sampleRotation } from '../rotation/fake-backend';

let [newKey, oldKey]: Component[] = [];
let rotation = sampleRotation();
before(async () => {
  newKey = key('New', { ...(await publicJwk()), kid: 'new' });
  oldKey = key('Old', { ...(await publicJwk(keyPair('old'))), kid: 'old' });
  rotation = sampleRotation({
    newKey: { name: 'New', kid: 'new', thumbprint: keyFactsOf(newKey)?.thumbprint ?? '' },
  });
});

const trustOf = (listed: readonly string[], ...keys: readonly (Component | undefined)[]) =>
  orgKeyTrust(mapOf([keyset('Customers', listed), ...keys.flatMap((each) => each ?? [])]), rotation);

test('an org trusts the new key if its keyset lists it and the key is active', () => {
  assert.equal(trustOf(['Old', 'New'], oldKey, newKey).newKeyTrusted, true);
  assert.equal(trustOf(['Old'], oldKey, newKey).newKeyTrusted, false);
  assert.equal(trustOf(['Old', 'New'], oldKey).newKeyTrusted, false);
});

test('an org does not trust the new key if it is inactive, or has another kid or other numbers under the same name', async () => {
  const jwk = await publicJwk();
  const others = [
    key('New', { ...jwk, kid: 'new' }, 'false'),
    key('New', { ...jwk, kid: 'another' }),
    key('New', { ...(await publicJwk(keyPair('old'))), kid: 'new' }),
  ];
  for (const other of others) assert.equal(trustOf(['New'], other).newKeyTrusted, false);
});

test('the old key is trusted, rejected, or missing', async () => {
  const inactive = key('Old', { ...(await publicJwk(keyPair('old'))), kid: 'old' }, 'false');
  assert.equal(trustOf(['Old'], oldKey).oldKeyStatus, 'trusted');
  assert.equal(trustOf(['New'], oldKey).oldKeyStatus, 'rejected');
  assert.equal(trustOf(['Old'], inactive).oldKeyStatus, 'rejected');
  assert.equal(trustOf(['Old'], newKey).oldKeyStatus, 'missing');
});

test('an endpoint trusts the new key by kid and thumbprint, and the old key as long as it serves its kid', () => {
  const served = (...keys: readonly [kid: string, thumbprint: string][]) =>
    servedKeyTrust(
      keys.map(([kid, thumbprint]) => servedKey(kid, thumbprint)),
      sampleRotation(),
    );
  assert.deepEqual(served(['new', 'thumb-new']), { newKeyTrusted: true, oldKeyStatus: 'missing' });
  assert.deepEqual(served(['new', 'other'], ['old', 'other']), { newKeyTrusted: false, oldKeyStatus: 'trusted' });
  assert.deepEqual(served(['other', 'thumb-new']), { newKeyTrusted: false, oldKeyStatus: 'missing' });
});

test('a new key that readers ignore is not trusted, and an old one still counts as trusted', () => {
  const ignored = (kid: string, thumbprint: string) => ({
    ...servedKey(kid, thumbprint),
    unusable: [{ code: 'jwk-use', severity: 'error', message: 'It is for encryption.', fix: '-' } as const],
  });
  const trust = (...keys: Parameters<typeof servedKeyTrust>[0]) => servedKeyTrust(keys, sampleRotation());
  assert.equal(trust(ignored('new', 'thumb-new')).newKeyTrusted, false);
  assert.equal(trust(ignored('new', 'other'), servedKey('new', 'thumb-new')).newKeyTrusted, true);
  assert.equal(trust(ignored('old', 'thumb-old')).oldKeyStatus, 'trusted');
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expectedTokensFor } from '../../../lib/explain';
import { keyPair, NOW, publicJwk } from '../jwk/test-keys';
import { authorization, channel, ISSUER, key, keyset, orgView } from './test-org';

const otherKey = async (isActive: string) =>
  key('Old_2025', { ...(await publicJwk(keyPair('other'))), kid: 'old' }, isActive);

test('each key of an active configuration is expected, active keys first', async () => {
  const view = await orgView([await otherKey('false'), keyset('Customer_Identity', ['Old_2025', 'Web_2026'])]);
  const expected = expectedTokensFor(view, 'Web_Chat', NOW);
  assert.deepEqual(
    expected.map(({ issuer, authIdentifier, key: each }) => [issuer, authIdentifier, each?.name]),
    [
      [ISSUER, 'Customer', 'Web_2026'],
      [ISSUER, 'Customer', 'Old_2025'],
    ],
  );
});

test('a keyset without a known key yields its issuer, byte for byte', async () => {
  const view = await orgView([keyset('Customer_Identity', ['Unknown'], ` ${ISSUER} `)]);
  assert.deepEqual(expectedTokensFor(view, 'Web_Chat', NOW), [{ issuer: ` ${ISSUER} `, authIdentifier: 'Customer' }]);
});

test('an inactive configuration, an unknown keyset and an unknown channel yield nothing', async () => {
  const inactive = channel('Web_Chat', { messagingAuthorizations: [authorization({ enabled: 'false' })] });
  const unknown = channel('Web_Chat', {
    messagingAuthorizations: [authorization({ publicKeyCertificateSetName: 'Missing' })],
  });
  assert.deepEqual(expectedTokensFor(await orgView([inactive]), 'Web_Chat', NOW), []);
  assert.deepEqual(expectedTokensFor(await orgView([unknown]), 'Web_Chat', NOW), []);
  assert.deepEqual(expectedTokensFor(await orgView(), 'Other', NOW), []);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildJwks } from '../../../lib/keys/jwks-document';
import { key } from '../explain/test-org';
import { keyPair, NOW, publicJwk } from '../jwk/test-keys';

const kidsOf = ({ jwks }: ReturnType<typeof buildJwks>): readonly string[] => jwks.keys.map(({ kid }) => kid);
const rulesOf = ({ findings }: ReturnType<typeof buildJwks>): readonly string[] => findings.map(({ rule }) => rule);

test('a document contains the public members of the active keys, and not the inactive ones', async () => {
  const { x5c, n, e } = await publicJwk();
  const active = key('A', { kty: 'RSA', kid: 'a', alg: 'RS512', use: 'sig', key_ops: ['verify'], x5c, n, e });
  const inactive = key('B', { ...(await publicJwk(keyPair('old'))), kid: 'b' }, 'false');
  const document = buildJwks([active, inactive], [], NOW);
  assert.deepEqual(document.findings, []);
  assert.deepEqual(document.jwks.keys, [{ kid: 'a', alg: 'RS512', use: 'sig', kty: 'RSA', n, e, x5c }]);
});

test('two active keys with one kid, no active key, and an unusable key are errors', async () => {
  const jwk = await publicJwk();
  const other = await publicJwk(keyPair('old'));
  const duplicates = buildJwks([key('A', { ...jwk, kid: 'a' }), key('B', { ...other, kid: 'a' })], [], NOW);
  assert.deepEqual(rulesOf(duplicates), ['duplicate-kid']);
  assert.deepEqual(rulesOf(buildJwks([key('A', jwk, 'false')], [], NOW)), ['jwks-empty']);
  assert.deepEqual(rulesOf(buildJwks([key('A', { ...jwk, use: 'enc' })], [], NOW)), ['jwk-use']);
});

test('a certificate is optional at an endpoint', async () => {
  const { x5c, ...jwk } = await publicJwk();
  assert.ok(x5c);
  const document = buildJwks([key('A', { ...jwk, kid: 'a' })], [], NOW);
  assert.deepEqual([kidsOf(document), rulesOf(document)], [['a'], []]);
});

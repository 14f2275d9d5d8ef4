import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { componentsOf, textAt } from '../../../lib/model';
import { readJwk } from '../../../lib/jwk';
import { SAMPLE_KEYS } from '../../../lib/rules/sample-keys';
import { readSource } from '../../../lib/project';

const PROJECT = join(__dirname, '..', '..', '..', '..');

test('every key in force-app is listed as a sample key', () => {
  const keys = componentsOf(readSource(PROJECT).components, 'PublicKeyCertificate');
  assert.ok(keys.length > 0);
  for (const { fullName, root } of keys) {
    const { key } = readJwk(textAt(root, 'jsonWebKey') ?? '', new Date());
    assert.ok(SAMPLE_KEYS.has(key?.thumbprint ?? ''), fullName);
  }
});

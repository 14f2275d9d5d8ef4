import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSameValue, writePackage } from '../../../lib/metadata';
import { leaf } from '../../../lib/model';

test('components that refer to others are deleted before them', () => {
  const files = writePackage(new Map(), '67.0', [
    ...(['PublicKeyCertificate:Key', 'PublicKeyCertificateSet:Keys', 'MessagingChannel:Web'] as const),
  ]);
  const types = [...String(files.get('destructiveChangesPost.xml')).matchAll(/<name>(\w+)<\/name>/g)].map(
    ([, name]) => name,
  );
  assert.deepEqual(types, ['MessagingChannel', 'PublicKeyCertificateSet', 'PublicKeyCertificate']);
});

test('compares issuer, JWKS endpoint and Configuration Name byte for byte, and other texts trimmed', () => {
  const isSame = (name: string): boolean => isSameValue(leaf(name, 'value'), leaf(name, ' value '));
  assert.deepEqual(['jwtIssuer', 'jwksEndPoint', 'authIdentifier'].map(isSame), [false, false, false]);
  assert.equal(isSame('masterLabel'), true);
});

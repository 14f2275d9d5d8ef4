import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkSchema } from '../../../lib/rules/schema';
import { readComponent } from './org-components';

const duplicates = (items: string): number =>
  checkSchema(
    readComponent('PublicKeyCertificateSet', 'Keys', `<PublicKeyCertificateSet>${items}</PublicKeyCertificateSet>`),
    67,
  ).filter(({ rule }) => rule.id === 'duplicate-list-item').length;

const item = (name: string): string =>
  `<publicKeyCertificateSetKeys><publicKeyCertificate>${name}</publicKeyCertificate></publicKeyCertificateSetKeys>`;

test('list items without a key are not duplicates of each other', () => {
  assert.equal(duplicates('<publicKeyCertificateSetKeys/><publicKeyCertificateSetKeys/>'), 0);
  assert.equal(duplicates(item('A') + item('A') + item('B')), 1);
});

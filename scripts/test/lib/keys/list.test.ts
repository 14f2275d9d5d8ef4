import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { expiryText, expiresSoon, orgKeys, type OrgKey } from '../../../lib/keys/list';
import { runKeysCommand } from '../../commands-keys/run-keys-command';
import { key, keyset, orgComponents } from '../explain/test-org';
import { DAY_MS, keyPair, NOW, publicJwk } from '../jwk/test-keys';

const inDays = (days: number) => ({ notAfter: new Date(NOW.getTime() + days * DAY_MS) });

test('the keys of an org include expiration date, keysets, and keys in no keyset', async () => {
  const components = await orgComponents(
    key('Web_2026', await publicJwk(keyPair(), inDays(30))),
    key('Unlisted', { ...(await publicJwk(keyPair('other'), inDays(5))), kid: 'other' }, 'false'),
    key('Broken', 'not JSON'),
    keyset('Second', ['Web_2026']),
  );
  const keys = orgKeys('uat', { components }, NOW);
  const shown = keys.map(({ org, name, kid, daysLeft, expiresAt, active, keysets, orphaned }) => [
    ...[org, name, kid, daysLeft, expiresAt, active],
    ...[keysets.join(), orphaned],
  ]);
  assert.deepEqual([...shown].sort(), [
    ['uat', 'Broken', null, null, null, true, '', true],
    ['uat', 'Unlisted', 'other', 5, '2026-10-06T12:00:00.000Z', false, '', true],
    ['uat', 'Web_2026', 'key-1', 30, '2026-10-31T12:00:00.000Z', true, 'Customer_Identity,Second', false],
  ]);
});

describe('an active key expires soon', () => {
  const withDays = (daysLeft: number | null, active = true): OrgKey => ({
    org: 'uat',
    name: 'k',
    kid: null,
    thumbprint: null,
    alg: null,
    expiresAt: null,
    keysets: [],
    orphaned: true,
    daysLeft,
    active,
  });
  for (const [daysLeft, expected] of [
    [31, false],
    [30, true],
    [29, true],
    [0, true],
    [-1, true],
    [null, false],
  ] as const)
    test(`${expected ? '' : 'not '}with ${daysLeft} days left of 30`, () =>
      assert.equal(expiresSoon(withDays(daysLeft), 30), expected));

  test('only if it is active', () => assert.equal(expiresSoon(withDays(1, false), 30), false));
});

test('list without org files is an error, not a statement about keys', async () => {
  const project = mkdtempSync(join(tmpdir(), 'keys-list-'));
  writeFileSync(join(project, 'sfdx-project.json'), '{"packageDirectories":[{"path":"force-app","default":true}]}');
  const { exit, code, shown } = await runKeysCommand(project, { verb: 'list' });
  rmSync(project, { recursive: true });
  assert.deepEqual([exit, code], [3, 'unknown-org']);
  assert.match(shown, /^No org was checked\./);
  assert.doesNotMatch(shown, /No active key/);
});

test('prints a key that expires today as expiring, and one of yesterday as expired', () => {
  assert.equal(expiryText('2026-11-27T10:00:00.000Z', 0), 'expires on 2026-11-27 (in 0 days)');
  assert.equal(expiryText('2026-11-26T10:00:00.000Z', -1), 'expired on 2026-11-26');
  assert.equal(expiryText('2026-11-28T10:00:00.000Z', 1), 'expires on 2026-11-28 (in 1 day)');
});

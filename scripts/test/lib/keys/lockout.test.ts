import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lockoutWarnings } from '../../../lib/keys/step-checks';
import { EMPTY_ORG_SETTINGS, leaf, mapOf, parent, type Component, type DesiredState } from '../../../lib/model';
import type { Rotation } from '../../../lib/rotation';

const channel = (fullName: string, authMode: string, enabled: string): Component => ({
  type: 'MessagingChannel',
  fullName,
  root: parent('MessagingChannel', [
    parent('embeddedConfig', [
      leaf('authMode', authMode),
      parent('messagingAuthorizations', [
        leaf('authIdentifier', 'Customer'),
        leaf('enabled', enabled),
        leaf('publicKeyCertificateSetName', 'Keys'),
      ]),
    ]),
  ]),
});

const desired = (...channels: readonly Component[]): DesiredState => ({
  org: {
    alias: 'uat',
    file: 'config/orgs/uat.json',
    orgId: '00D000000000001EAA',
    kind: 'sandbox',
    wave: 1,
    ...EMPTY_ORG_SETTINGS,
  },
  components: mapOf(channels),
  compromised: [],
});

const rotation: Rotation = {
  keyset: 'Keys',
  delivery: 'uploaded',
  oldKey: { name: 'Old', kid: 'old', thumbprint: 't' },
  compromised: true,
  tokenLifetimeMinutes: 60,
  cacheHours: 72,
  startedAt: '2026-11-01T00:00:00.000Z',
  targets: {},
};

test('a lockout warning lists only channels that verify users with the keyset', () => {
  const channels = [channel('Web', 'Auth', 'true'), channel('Off', 'UnAuth', 'true'), channel('Idle', 'Auth', 'false')];
  const [warning = ''] = lockoutWarnings([desired(...channels)], rotation);
  assert.match(warning, /^uat: .*\bWeb\b/);
  assert.doesNotMatch(warning, /\bOff\b|\bIdle\b/);
});

test('a lockout warning counts only keys that exist and are active as accepted', () => {
  const org = desired(channel('Web', 'Auth', 'true'));
  const listing: Component = {
    type: 'PublicKeyCertificateSet',
    fullName: 'Keys',
    root: parent(
      'PublicKeyCertificateSet',
      ['Old', 'Missing', 'Idle', 'New'].map((name) =>
        parent('publicKeyCertificateSetKeys', [leaf('publicKeyCertificate', name)]),
      ),
    ),
  };
  const key = (fullName: string, isActive: string): Component => ({
    type: 'PublicKeyCertificate',
    fullName,
    root: parent('PublicKeyCertificate', [leaf('isActive', isActive)]),
  });
  const warningFor = (...keys: readonly Component[]): string =>
    lockoutWarnings([{ ...org, components: mapOf([...org.components.values(), listing, ...keys]) }], rotation)[0] ?? '';
  assert.match(warningFor(key('Idle', 'false')), /nobody can start/i);
  assert.doesNotMatch(warningFor(key('Idle', 'false')), /Missing|Idle/);
  assert.match(warningFor(key('Idle', 'false'), key('New', 'true')), /\bNew\b/);
});

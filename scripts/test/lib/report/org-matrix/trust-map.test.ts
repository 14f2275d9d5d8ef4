import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildTrustMap, type TrustMap } from '../../../../lib/report/org-matrix';
import { mapOf } from '../../../../lib/model';
import { planOrg } from '../../../../lib/org/plan';
import { NOW } from '../../jwk/test-keys';
import { ORG } from '../../org/org-samples';
import { applyEdits, LIVE, liveState } from '../../plan/live-org';

const WEB = LIVE['MessagingChannel:Web'] ?? '';
type Contents = Parameters<typeof liveState>[0];

/** The trust of one org with these live contents. The desired state is `LIVE` with `declared`. */
function trustOf(contents: Contents, declared: Contents = {}, active = true): TrustMap[number] {
  const live = liveState(contents, active);
  const desired = mapOf(liveState(declared, active).components.values());
  const plan = planOrg({ org: ORG, components: desired, compromised: [] }, { ...live, missing: [] });
  const column = { alias: 'dev', kind: 'sandbox', reading: { live, plan, desired } };
  return buildTrustMap([column], NOW)[0] ?? assert.fail('The map has no org.');
}
const keyset = (trust: TrustMap[number], name: string): TrustMap[number]['keysets'][number] =>
  trust.keysets.find((each) => each.keyset === name) ?? assert.fail(`The map has no keyset ${name}.`);
const channelNames = (channels: readonly { readonly name: string }[]): readonly string[] =>
  channels.map(({ name }) => name);

test('a keyset has its issuer, keys, endpoint, and the channels that use it', () => {
  const trust = trustOf({});
  const { issuer, endpoint, keys, authorizations } = keyset(trust, 'Keys');
  assert.deepEqual([issuer, endpoint], ['https://id.example.com', null]);
  assert.deepEqual(
    keys.map(({ name, active, kid, daysLeft }) => ({ name, active, kid, daysLeft })),
    [{ name: 'Key_A', active: true, kid: '2026-A', daysLeft: null }],
  );
  assert.deepEqual(
    authorizations.map(({ configurationName, enabled, channel }) => [configurationName, enabled, channel.name]),
    [['Customer', true, 'Web']],
  );
  assert.deepEqual(channelNames(authorizations[0]?.channel.chatDeployments ?? []), ['Site']);
  assert.equal(keyset(trust, 'Fetched').endpoint, 'https://login.example.com/jwks');
  assert.deepEqual(channelNames(trust.unusedKeys), ['Key_B']);
});

test('a channel with an authorization belongs to its keyset, also if user verification is off', () => {
  const trust = trustOf({ 'MessagingChannel:Web': applyEdits(WEB, [['>Auth<', '>UnAuth<']]) });
  assert.deepEqual(
    keyset(trust, 'Keys').authorizations.map(({ channel }) => [channel.name, channel.verifies]),
    [['Web', false]],
  );
  assert.deepEqual(trust.unverifiedChannels, []);
});

test('a channel without an authorization is unverified', () => {
  const web = WEB.replace(/<messagingAuthorizations>[^]*<\/messagingAuthorizations>/, '');
  const trust = trustOf({ 'MessagingChannel:Web': web }, { 'MessagingChannel:Web': web });
  assert.deepEqual(channelNames(trust.unverifiedChannels), ['Web']);
  assert.deepEqual(keyset(trust, 'Keys').authorizations, []);
});

test('shows an inactive channel as inactive and a disabled authorization as disabled', () => {
  const disabled = applyEdits(WEB, [['<enabled>true<', '<enabled>false<']]);
  const [authorization] = keyset(trustOf({ 'MessagingChannel:Web': disabled }, {}, false), 'Keys').authorizations;
  assert.deepEqual([authorization?.enabled, authorization?.channel.active], [false, false]);
});

test('the sync state compares the org with the desired state', () => {
  const contents = {
    'PublicKeyCertificateSet:Keys': applyEdits(LIVE['PublicKeyCertificateSet:Keys'] ?? '', [
      ['id.example.com', 'old.example.com'],
    ]),
    'PublicKeyCertificate:Key_A': undefined,
  };
  const trust = trustOf(contents, { 'PublicKeyCertificateSet:Fetched': undefined });
  assert.deepEqual(
    trust.keysets.map(({ keyset: name, syncState }) => [name, syncState]),
    [
      ['Fetched', 'unmanaged'],
      ['Keys', 'drifted'],
    ],
  );
  assert.equal(keyset(trust, 'Keys').keys[0]?.syncState, 'missing');
  assert.equal(keyset(trust, 'Keys').issuer, 'https://old.example.com');
});

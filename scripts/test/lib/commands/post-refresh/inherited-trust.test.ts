import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { readXml } from '../../../../lib/metadata';
import { keyNamesOf, keyOf, mapOf, SOURCE_FOLDERS, type Component, type ComponentType } from '../../../../lib/model';
import { findInheritedTrust } from '../../../../lib/commands/post-refresh/inherited-trust';
import { orgIdCheck, trustRemovedCheck } from '../../../../lib/commands/post-refresh/messages';
import { authorization, channel, key, keyset } from '../../../commands/import-orgs';
import type { SeedFile } from '../../../../local-org/index';
import { FakeSf } from '../../fake-sf';
import { desiredState } from '../../rollout/fleet-fixture';

const NOW = new Date('2026-10-01T12:00:00Z');
const sf = new FakeSf({ real: { kind: 'production' }, uat: {} });

function componentOf({ path, content }: SeedFile): Component {
  const [folder = '', name = ''] = path.split('/');
  const type = Object.entries(SOURCE_FOLDERS).find(([, each]) => each.folder === folder)?.[0] as ComponentType;
  return { type, fullName: name.replace(/\.\w+$/, ''), root: readXml(content).root ?? assert.fail(path) };
}

let [prodA, prodB, uatKey] = [] as unknown as [Component, Component, Component];
before(async () => {
  [prodA, prodB, uatKey] = [
    componentOf(await key('Prod_A')),
    componentOf(await key('Prod_B')),
    componentOf(await key('Uat_Key')),
  ];
});
const keysetOf = (name: string, issuer: string, ...keys: readonly string[]): Component =>
  componentOf(keyset(name, issuer, ...keys));
const channelOf = (name: string, keysetName: string): Component =>
  componentOf(channel(name, authorization(keysetName)));

/** What a sandbox that declares one channel, keyset and key inherited from production, given what else it contains. */
function inheritedFrom(...others: readonly Component[]) {
  const { org } = desiredState(sf, 'real', []);
  const keys = keysetOf('Identity', 'https://prod', 'Prod_A', 'Prod_B');
  const production = {
    org: { ...org, kind: 'production' },
    components: mapOf([prodA, prodB, keys, channelOf('Web', 'Identity')]),
    compromised: [],
  } as const;
  const desired = desiredState(sf, 'uat', [
    uatKey,
    keysetOf('Identity', 'https://uat', 'Uat_Key'),
    channelOf('Web', 'Identity'),
  ]);
  const live = mapOf([
    prodA,
    prodB,
    uatKey,
    keysetOf('Identity', 'https://uat', 'Uat_Key', 'Prod_A', 'Prod_B'),
    channelOf('Web', 'Identity'),
    ...others,
  ]);
  return findInheritedTrust(desired, live, [production], NOW);
}

test('takes the keys of production out of the own keyset and deletes them', () => {
  const { kept, removed, used } = inheritedFrom();
  assert.deepEqual([...removed].sort(), ['PublicKeyCertificate:Prod_A', 'PublicKeyCertificate:Prod_B']);
  assert.deepEqual(
    [...kept.values()].map((component) => [keyOf(component), keyNamesOf(component)]),
    [['PublicKeyCertificateSet:Identity', ['Uat_Key']]],
  );
  assert.deepEqual(used, []);
});

test('keeps an undeclared key of the own keyset that production does not trust', () => {
  const { kept } = inheritedFrom(keysetOf('Identity', 'https://uat', 'Prod_A', 'Partner_Key', 'Uat_Key'));
  assert.deepEqual(keyNamesOf(kept.get('PublicKeyCertificateSet:Identity')), ['Partner_Key', 'Uat_Key']);
});

test('keeps a key that an unmanaged keyset lists, and names the keyset', () => {
  const { removed, used } = inheritedFrom(keysetOf('Partner', 'https://partner', 'Prod_B'));
  assert.deepEqual(removed, ['PublicKeyCertificate:Prod_A']);
  assert.deepEqual(used, [{ key: 'PublicKeyCertificate:Prod_B', by: ['PublicKeyCertificateSet:Partner'] }]);
});

test('keeps the keys of an inherited keyset that stays because an unmanaged channel uses it', () => {
  const copy = keysetOf('Copy', 'https://prod', 'Prod_A');
  const { removed, used } = inheritedFrom(copy, channelOf('Partner_Chat', 'Copy'));
  assert.deepEqual(removed, ['PublicKeyCertificate:Prod_B']);
  assert.deepEqual(used.map((each) => each.key).sort(), [
    'PublicKeyCertificate:Prod_A',
    'PublicKeyCertificateSet:Copy',
  ]);
});

test('deletes an inherited keyset that nothing uses, with its keys', () => {
  const { removed } = inheritedFrom(keysetOf('Copy', 'https://prod', 'Prod_A'));
  assert.deepEqual([...removed].sort(), [
    'PublicKeyCertificate:Prod_A',
    'PublicKeyCertificate:Prod_B',
    'PublicKeyCertificateSet:Copy',
  ]);
});

test('keeps a configuration that source declares, although it names an inherited keyset in the org', () => {
  const { kept, removed, used } = inheritedFrom(keysetOf('Copy', 'https://prod', 'Prod_A'), channelOf('Web', 'Copy'));
  assert.deepEqual([...kept.keys()], ['PublicKeyCertificateSet:Identity']);
  assert.deepEqual(removed, ['PublicKeyCertificate:Prod_B']);
  assert.deepEqual(used, [
    { key: 'PublicKeyCertificate:Prod_A', by: ['PublicKeyCertificateSet:Copy'] },
    { key: 'PublicKeyCertificateSet:Copy', by: ['MessagingChannel:Web'] },
  ]);
});

test("is still there while the own keyset lists a key of production, or the org can't be read", () => {
  const nothing = { kept: new Map(), removed: [], used: [] };
  assert.equal(trustRemovedCheck([], undefined).ok, false);
  assert.equal(trustRemovedCheck([], { ...nothing, removed: ['PublicKeyCertificate:Prod_A'] }).ok, false);
  const listed = trustRemovedCheck([], { ...nothing, kept: mapOf([keysetOf('Identity', 'https://uat', 'Prod_A')]) });
  assert.deepEqual([listed.ok, listed.detail], [false, 'still there: PublicKeyCertificateSet:Identity']);
  assert.deepEqual(trustRemovedCheck([], nothing).detail, 'none');
  assert.equal(orgIdCheck('00D1', { ...desiredState(sf, 'uat', []).org, orgId: '00D2' }).detail, '00D1 -> 00D2');
});

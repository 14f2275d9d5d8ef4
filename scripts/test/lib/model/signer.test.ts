import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leaf, parent, settingsFor, settingText, settingValue, type SignerSetting } from '../../../lib/model';

const field = (name: string, value: string) => parent('values', [leaf('field', name), leaf('value', value)]);

const record = (name: string, orgId?: string): SignerSetting => ({
  name,
  root: parent('CustomMetadata', [
    field('Issuer__c', ' https://issuer.example '),
    ...(orgId === undefined ? [] : [field('Org_Id__c', orgId)]),
  ]),
});

test('settingValue returns the value element of the named field, or undefined', () => {
  assert.deepEqual(settingValue(record('A', '00D000000000001'), 'Org_Id__c'), leaf('value', '00D000000000001'));
  assert.equal(settingValue(record('A'), 'Org_Id__c'), undefined);
  const decoy = parent('others', [leaf('field', 'Key__c'), leaf('value', 'x')]);
  assert.equal(settingValue({ name: 'A', root: parent('CustomMetadata', [decoy]) }, 'Key__c'), undefined);
});

test('settingText trims the value and returns undefined for a blank or absent one', () => {
  assert.equal(settingText(record('A'), 'Issuer__c'), 'https://issuer.example');
  assert.equal(settingText(record('A', '  '), 'Org_Id__c'), undefined);
  assert.equal(settingText(record('A'), 'Org_Id__c'), undefined);
});

const ORG_ID = '00D000000000001EAA';
const CASES: readonly [title: string, records: readonly SignerSetting[], expected: readonly string[]][] = [
  ['the record that names the org by 18 characters', [record('Default'), record('Own', ORG_ID)], ['Own']],
  ['the record that names the org by 15 characters', [record('Own', '00D000000000001'), record('Default')], ['Own']],
  ['each record that names the org', [record('One', ORG_ID), record('Two', ORG_ID)], ['One', 'Two']],
  [
    'the record Default if no record names the org',
    [record('Other', '00D000000000002'), record('Default')],
    ['Default'],
  ],
  ['the record Default if its org ID is blank', [record('Default', ' ')], ['Default']],
  ['no record if Default names another org', [record('Default', '00D000000000002')], []],
  ['no record if the only one without an org is not Default', [record('Spare')], []],
  ['no record if the ID differs in case', [record('Own', '00d000000000001')], []],
];

for (const [title, records, expected] of CASES) {
  test(`settingsFor returns ${title}`, () => {
    assert.deepEqual(
      settingsFor(records, ORG_ID).map(({ name }) => name),
      expected,
    );
  });
}

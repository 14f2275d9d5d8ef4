import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  EMPTY_ORG_SETTINGS,
  leaf,
  mapOf,
  parent,
  recordText,
  testClassesOf,
  undeclaredSignerRecords,
  withRecordValues,
  type Component,
} from '../../../lib/model';

const field = (name: string, value: string) => parent('values', [leaf('field', name), leaf('value', value)]);

const RECORD: Component = {
  type: 'CustomMetadata',
  fullName: 'Customer_Identity_Setting.Default',
  root: parent('CustomMetadata', [
    leaf('label', 'Default'),
    field('Issuer__c', ' https://issuer.example '),
    field('Subject_Field__c', 'FederationIdentifier'),
    field('Org_Id__c', ' '),
  ]),
};

test('recordText returns a value byte for byte, and undefined for a blank or absent one', () => {
  assert.equal(recordText(RECORD, 'Issuer__c'), ' https://issuer.example ');
  assert.equal(recordText(RECORD, 'Org_Id__c'), undefined);
  assert.equal(recordText(RECORD, 'Key_Id__c'), undefined);
  const decoy = parent('others', [leaf('field', 'Key__c'), leaf('value', 'x')]);
  assert.equal(recordText({ ...RECORD, root: parent('CustomMetadata', [decoy]) }, 'Key__c'), undefined);
});

test('withRecordValues replaces and adds values, and keeps the others', () => {
  const changed = withRecordValues(RECORD, { Issuer__c: 'https://other.example', Key_Id__c: 'one' });
  const values = ['Issuer__c', 'Key_Id__c', 'Subject_Field__c'].map((name) => recordText(changed, name));
  assert.deepEqual(values, ['https://other.example', 'one', 'FederationIdentifier']);
  assert.equal(changed.root.children.filter(({ name }) => name === 'values').length, 4);
  assert.equal(changed.root.children[0], RECORD.root.children[0]);
});

test('undeclaredSignerRecords returns other records with the ID of the org, in 15 or 18 characters', () => {
  const orgId = '00D000000000001EAA';
  const org = { ...EMPTY_ORG_SETTINGS, alias: 'dev', file: 'dev.json', orgId, kind: 'sandbox', wave: 1 } as const;
  const memberSite = { key: 'Key', certificate: 'Certificate' };
  const recordOf = (name: string, id?: string) => ({ name, values: id === undefined ? {} : { Org_Id__c: id } });
  const records = [
    recordOf('Default', orgId),
    recordOf('Long', orgId),
    recordOf('Short', orgId.slice(0, 15)),
    recordOf('Space', ` ${orgId}`),
    recordOf('Case', orgId.toLowerCase()),
    recordOf('None'),
  ];
  const components = mapOf([RECORD]);
  const found = undeclaredSignerRecords({ org: { ...org, memberSite }, components }, records);
  assert.deepEqual(
    found,
    ['Long', 'Short', 'Space'].map((name) => `CustomMetadata:Customer_Identity_Setting.${name}`),
  );
  assert.deepEqual(undeclaredSignerRecords({ org, components }, records), []);
});

const CLASSES: Readonly<Record<string, string>> = {
  PlainTest: '@IsTest\nprivate class PlainTest {\n  @IsTest\n  static void passes() {}\n}\n',
  SeeAllTest: '@isTest(SeeAllData=true)\npublic class SeeAllTest {\n  @istest static void passes() {}\n}\n',
  TestData: '@IsTest\npublic class TestData {\n  public static Integer one() { return 1; }\n}\n',
  Commented:
    '// @IsTest\n/* @IsTest */\npublic class Commented {\n  // @IsTest\n  @TestVisible private Integer one;\n}\n',
  Visible: 'public class Visible {\n  @TestVisible private Integer one;\n}\n',
};

test('testClassesOf returns the classes with test methods, not test data or comments', () => {
  const classes = Object.entries(CLASSES).map(([fullName, text]): [`ApexClass:${string}`, Component] => [
    `ApexClass:${fullName}`,
    {
      type: 'ApexClass',
      fullName,
      root: parent('ApexClass', [parent('files', [leaf('path', `${fullName}.cls`), leaf('content', text)])]),
    },
  ]);
  assert.deepEqual(testClassesOf(new Map(classes)), ['PlainTest', 'SeeAllTest']);
});

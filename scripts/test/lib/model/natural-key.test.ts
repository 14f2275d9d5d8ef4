import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as lists from '../../../lib/model/lists';
import { leaf, parent } from '../../../lib/model';

/** The key elements of each list, by the Metadata API guide. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  messagingAuthorizations: ['authIdentifier'],
  customParameters: ['name'],
  standardParameters: ['parameterType'],
  automatedResponses: ['type', 'language'],
  messagingKeywords: ['keywordType', 'language'],
  actionParameterMappings: ['actionParameterName'],
  channelUsages: ['deploymentType'],
  publicKeyCertificateSetKeys: ['publicKeyCertificate'],
  queueSobject: ['sobjectType'],
  embeddedServiceCustomComponents: ['customComponentType'],
  embeddedServiceForms: ['formType', 'displayContext'],
  embeddedServiceFormFields: ['formField'],
  embeddedServiceCustomLabels: ['customLabel', 'labelKey'],
  applicationVisibilities: ['application'],
  classAccesses: ['apexClass'],
  customMetadataTypeAccesses: ['name'],
  customPermissions: ['name'],
  fieldPermissions: ['field'],
  flowAccesses: ['flow'],
  objectPermissions: ['object'],
  pageAccesses: ['apexPage'],
  recordTypeVisibilities: ['recordType'],
  tabSettings: ['tab'],
  userPermissions: ['name'],
};

for (const [name, keys] of Object.entries(KEYS)) {
  test(`naturalKey reads ${keys.join(' and ')} of ${name}`, () => {
    assert.equal(lists.isKeyedList(name), true);
    const values = keys.map((key, index) => leaf(key, ` v${index} `));
    assert.equal(lists.naturalKey(parent(name, values)), keys.length === 1 ? 'v0' : 'v0,v1');
    assert.equal(lists.naturalKey(parent(name, values.slice(0, 1))), 'v0');
    assert.equal(lists.naturalKey(parent(name, [])), '');
  });
}

test('naturalKey keeps the place of an absent first part', () => {
  assert.equal(lists.naturalKey(parent('automatedResponses', [leaf('language', 'en_US')])), ',en_US');
});

test('naturalKey is empty for an element that is no keyed list', () => {
  for (const name of ['keyword', 'toString', '']) {
    assert.equal(lists.isKeyedList(name), false);
    assert.equal(lists.naturalKey(parent(name, [leaf('name', 'a')])), '');
  }
});

test('element kinds are recognized by name', () => {
  const names = [
    'keyword',
    'allowedFileTypes',
    'isActive',
    'enabled',
    'jwtIssuer',
    'jwksEndPoint',
    'authIdentifier',
    '',
  ];
  assert.deepEqual(names.filter(lists.isValueSet), ['keyword']);
  assert.deepEqual(names.filter(lists.isDelimitedSet), ['allowedFileTypes']);
  assert.deepEqual(names.filter(lists.isFalseByDefault), ['isActive', 'enabled']);
  assert.deepEqual(names.filter(lists.isByteExact), ['jwtIssuer', 'jwksEndPoint', 'authIdentifier']);
});

test('splitDelimitedSet splits at blanks, commas and semicolons, sorts, and drops duplicates and empty parts', () => {
  assert.deepEqual(lists.splitDelimitedSet(' txt;pdf, png\n;;pdf'), ['pdf', 'png', 'txt']);
  assert.deepEqual(lists.splitDelimitedSet(' ;'), []);
  assert.deepEqual(lists.splitDelimitedSet('a.b-c'), ['a.b-c']);
});

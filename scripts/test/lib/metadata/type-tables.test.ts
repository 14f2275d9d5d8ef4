import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COMPONENT_TYPES } from '../../../lib/model';
import { childType, elementOf, elementsOf, closestMatch, type Tables } from '../../../lib/metadata';
import { VERSIONED_NAMES } from '../../../lib/metadata/first-versions';
import { generateTables } from '../../../lib/metadata/generate-tables';
import committed from '../../../lib/metadata/type-tables.generated.json';

test('the committed tables match the installed @salesforce/types', () => {
  assert.deepEqual(committed, generateTables(COMPONENT_TYPES), 'run `npm run generate`');
});

test('every component type has elements, and every complex element has a table', () => {
  for (const type of COMPONENT_TYPES) assert.ok(elementsOf(type), type);
  const tables = Object.values((committed as Tables).types);
  const complex = tables.flatMap((table) => Object.values(table).flatMap((row) => row.of ?? []));
  for (const type of complex) assert.ok(elementsOf(type), type);
});

test('each element has a type, and is marked as required or repeatable', () => {
  const enumeration = { type: 'enum', values: ['JWKS', 'JWKS_URL'], required: true, list: false };
  assert.deepEqual(elementOf('PublicKeyCertificateSet', 'type'), enumeration);
  assert.deepEqual(elementOf('EmbeddedMessagingChannel', 'authMode'), { type: 'string', required: true, list: false });
  assert.equal(elementOf('EmbeddedMessagingChannel', 'messagingAuthorizations')?.list, true);
  assert.equal(elementOf('MessagingAuthorization', 'enabled')?.type, 'boolean');
  assert.equal(elementOf('EmbeddedMessagingChannel', 'verifiedUserJwtExpirationTime')?.type, 'number');
  assert.equal(childType('MessagingChannel', 'embeddedConfig'), 'EmbeddedMessagingChannel');
  assert.equal(childType('MessagingChannel', 'masterLabel'), undefined);
});

test('every element and value with a first version is in the tables', () => {
  for (const name of VERSIONED_NAMES) {
    const [, type = '', element = '', value] = /^(\w+)\.(\w+)(?:=(\w+))?$/.exec(name) ?? [];
    const row = elementOf(type, element);
    assert.ok(value === undefined ? row : row?.values?.includes(value), name);
  }
});

test('does not accept names that JavaScript objects inherit as elements or types', () => {
  assert.equal(elementsOf('constructor'), undefined);
  assert.equal(elementOf('MessagingChannel', 'toString'), undefined);
  assert.equal(elementOf('toString', 'masterLabel'), undefined);
});

test('the generation fails for a type that @salesforce/types does not declare', () => {
  assert.throws(() => generateTables(['NoSuchType']), /declares no type NoSuchType/);
});

const CLOSEST_MATCHES: readonly (readonly [string, string | undefined])[] = [
  ['jwtIsuer', 'jwtIssuer'],
  ['JWTISSUER', 'jwtIssuer'],
  ['jwksEndpoint', 'jwksEndPoint'],
  ['masterlabel', 'masterLabel'],
  ['typ', 'type'],
  ['zzz', undefined],
  ['', undefined],
];

for (const [written, meant] of CLOSEST_MATCHES) {
  test(`the closest match of "${written}" is ${meant ?? 'none'}`, () => {
    assert.equal(closestMatch(written, Object.keys(elementsOf('PublicKeyCertificateSet') ?? {})), meant);
  });
}

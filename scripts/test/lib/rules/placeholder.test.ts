import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ComponentType } from '../../../lib/model';
import { checkEndpoint } from '../../../lib/rules/endpoint';
import { checkPlaceholders } from '../../../lib/rules/placeholder';
import { readComponent } from './org-components';

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const isReported = (type: ComponentType, element: string, text: string): boolean =>
  checkPlaceholders(readComponent(type, 'A', `<${type}><${element}>${escape(text)}</${element}></${type}>`)).length > 0;

const PLACEHOLDERS = [
  ...['${ISSUER}', 'https://${HOST}/jwks', '{{issuer}}', 'https://{{ host }}', 'REPLACE_ME', 'REPLACE-ME', 'TODO'],
  ...[
    '<issuer>',
    'https://<tenant>.example.com',
    'CHANGEME',
    'CHANGE_ME',
    '$(ISSUER)',
    '%ISSUER%',
    '@@ISSUER@@',
    'TBD',
  ],
  ...[
    '#{issuer}#',
    '__ISSUER__',
    'https://YOUR_DOMAIN/jwks',
    'https://TODO.example.com',
    'FIXME',
    'PLACEHOLDER',
    'https://your-tenant.auth.example',
    'replace_me',
  ],
];

for (const text of PLACEHOLDERS) {
  test(`reports ${text} in an issuer, an endpoint, an origin, and a name`, () => {
    assert.ok(isReported('PublicKeyCertificateSet', 'jwtIssuer', text));
    assert.ok(isReported('PublicKeyCertificateSet', 'jwksEndPoint', text));
    assert.ok(isReported('CorsWhitelistOrigin', 'urlPattern', text));
    assert.ok(isReported('MessagingChannel', 'sessionHandlerQueue', text));
  });
}

const VALUES = [
  ...['https://id.example.com', 'https://id.example.com/todo', 'fin.ai', 'urn:example:issuer', 'https://*.example.com'],
  ...['Web_Chat', 'Todo_Queue', 'YourShop', 'Mastodon', 'ESW_Shop_1700000000000', 'https://id.example.com/a%20b?c=%41'],
];

for (const text of VALUES) {
  test(`doesn't report ${text}`, () => {
    assert.equal(isReported('PublicKeyCertificateSet', 'jwtIssuer', text), false);
    assert.equal(isReported('MessagingChannel', 'sessionHandlerQueue', text), false);
  });
}

test('reports a URL template in an issuer, and no braces in a name', () => {
  assert.ok(isReported('PublicKeyCertificateSet', 'jwtIssuer', 'https://login.example.com/{tenantid}/v2.0'));
  assert.equal(isReported('MessagingChannel', 'masterLabel', 'Shop {1}'), false);
});

test('reports a label that is a placeholder, and no label that contains such a word', () => {
  assert.ok(isReported('MessagingChannel', 'masterLabel', 'TODO'));
  assert.ok(isReported('MessagingChannel', 'masterLabel', 'Shop ${STAGE}'));
  assert.equal(isReported('MessagingChannel', 'masterLabel', 'Manage TODO items'), false);
});

test("doesn't look for placeholders in texts for people", () => {
  for (const [type, element] of [
    ['MessagingChannel', 'description'],
    ['EmbeddedServiceConfig', 'formula'],
  ] as const)
    assert.equal(isReported(type, element, 'TODO <a> {{b}}'), false);
});

test('reports placeholders in lists, with their paths', () => {
  const items = ['${A}', 'B', '${C}'].map(
    (name) =>
      `<publicKeyCertificateSetKeys><publicKeyCertificate>${name}</publicKeyCertificate></publicKeyCertificateSetKeys>`,
  );
  const keyset = readComponent(
    'PublicKeyCertificateSet',
    'A',
    `<PublicKeyCertificateSet>${items.join('')}</PublicKeyCertificateSet>`,
  );
  assert.deepEqual(
    checkPlaceholders(keyset).map(({ location }) => location.path),
    ['${A}', '${C}'].map((name) => `publicKeyCertificateSetKeys[${name}].publicKeyCertificate`),
  );
});

const rulesOf = (endpoint: string): readonly string[] =>
  checkEndpoint(
    readComponent(
      'PublicKeyCertificateSet',
      'A',
      `<PublicKeyCertificateSet><jwksEndPoint>${escape(endpoint)}</jwksEndPoint></PublicKeyCertificateSet>`,
    ),
  ).map(({ rule }) => `${rule.severity} ${rule.id}`);

const UNCLEAN = [
  ...[
    'https://id.example.com/a b',
    ' https://id.example.com/jwks',
    'https://id.example.com/jwks\n',
    'https://id.example.com\\jwks',
  ],
  ...[
    'https:\\\\id.example.com',
    'https:id.example.com',
    'https:/id.example.com',
    'https:///id.example.com',
    'https://id.exam\tple.com',
  ],
  ...[
    'https://id.example.com:0/jwks',
    'https://id.example.com:00/jwks',
    'https://id.example.com/a"b',
    'https://id.example.com/a|b',
  ],
];

for (const endpoint of UNCLEAN) {
  test(`rejects the endpoint ${JSON.stringify(endpoint)}`, () => {
    assert.deepEqual(rulesOf(endpoint), ['error endpoint-not-clean']);
  });
}

for (const path of [
  'openid-configuration',
  'openid-configuration/',
  'oauth-authorization-server',
  'openid-configuration/t1',
]) {
  test(`recognizes the discovery document ${path}`, () => {
    assert.deepEqual(rulesOf(`https://id.example.com/.well-known/${path}`), ['error endpoint-discovery']);
    assert.deepEqual(rulesOf(`https://id.example.com/a/.well-known/${path}?b`), ['error endpoint-discovery']);
  });
}

test('warns about the key URL of an org, and rejects other URLs of Salesforce', () => {
  const warning = ['warning endpoint-salesforce'];
  assert.deepEqual(rulesOf('https://shop.my.salesforce.com/id/keys'), warning);
  assert.deepEqual(rulesOf('https://shop--uat.sandbox.my.salesforce.com/id/keys'), warning);
  const error = ['error endpoint-salesforce'];
  assert.deepEqual(rulesOf('https://shop.my.salesforce.com/services/keys'), error);
  assert.deepEqual(rulesOf('https://shop.my.site.com/id/keys'), error);
  assert.deepEqual(rulesOf('https://login.salesforce.com/id/keys'), error);
  assert.deepEqual(rulesOf('https://my.salesforce.com.example.org/id/keys'), []);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { keyOf, leaf, parent, type Component } from '../../../lib/model';
import { checkEndpoint } from '../../../lib/rules/endpoint';
import { isPrivateHost, isSalesforceHost } from '../../../lib/rules/host';

const keysetAt = (address: string): Component => {
  const root = parent('PublicKeyCertificateSet', [leaf('jwksEndPoint', address)]);
  return { type: 'PublicKeyCertificateSet', fullName: 'Fetched', root };
};

const rulesOf = (address: string): readonly string[] => checkEndpoint(keysetAt(address)).map(({ rule }) => rule.id);

const PRIVATE = [
  'localhost',
  'LOCALHOST.',
  'api.localhost',
  'printer.local',
  'jwks.prod.internal',
  'idp',
  '127.0.0.1',
  '127.1',
  '2130706433',
  '0x7f000001',
  '0177.0.0.1',
  '0',
  '10.255.255.255',
  '100.64.0.1',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '224.0.0.1',
  '255.255.255.255',
  '[::]',
  '[::1]',
  '[0:0:0:0:0:0:0:1]',
  '[fc00::1]',
  '[fd12:3456::1]',
  '[fe80::1]',
  '[::127.0.0.1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:a00:1]',
  '[::ffff:192.168.0.1]',
  '[64:ff9b::7f00:1]',
];

for (const host of PRIVATE) {
  test(`Salesforce cannot reach ${host}`, () => {
    assert.deepEqual(rulesOf(`https://${host}/jwks.json`), ['endpoint-private']);
    assert.deepEqual(rulesOf(`https://${host}:8443/jwks.json`), ['endpoint-private']);
  });
}

const PUBLIC = [
  'login.example.com',
  'localhost.example.com',
  'local.example.com',
  'internal.example.com',
  '8.8.8.8',
  '172.15.255.255',
  '172.32.0.1',
  '192.169.0.1',
  '[2606:4700::1111]',
  '[::ffff:8.8.8.8]',
  'xn--bcher-kva.example',
];

for (const host of PUBLIC) {
  test(`Salesforce can reach ${host}`, () => {
    assert.deepEqual(rulesOf(`https://${host}/jwks.json`), []);
  });
}

const SALESFORCE = [
  'acme.my.salesforce.com',
  'ACME.MY.SALESFORCE.COM.',
  'login.salesforce.com',
  'acme--uat.sandbox.my.salesforce.com',
  'acme.lightning.force.com',
  'acme.my.site.com',
  'acme.my.salesforce-sites.com',
  'acme.my.salesforce-scrt.com',
  'acme.cloudforce.com',
  'acme.secure.force.com',
];

for (const host of SALESFORCE) {
  test(`${host} is a Salesforce host`, () => {
    assert.deepEqual(rulesOf(`https://${host}/id/keys`), ['endpoint-salesforce']);
  });
}

test('a host that only starts or ends like a Salesforce host is not one', () => {
  for (const host of ['notsalesforce.com', 'salesforce.com.example.org', 'mysite.com', 'salesforce.example.org']) {
    assert.equal(isSalesforceHost(host), false, host);
  }
});

test('reports text that is not a web URL without throwing', () => {
  assert.deepEqual(rulesOf('jwks.json'), ['endpoint-not-url']);
  assert.deepEqual(rulesOf('https://'), ['endpoint-not-url']);
  assert.deepEqual(rulesOf('https://1.2.3.4.5/'), ['endpoint-not-url']);
  assert.deepEqual(rulesOf('javascript:alert(1)'), ['endpoint-not-https']);
  assert.deepEqual(rulesOf('file:///etc/passwd'), ['endpoint-not-https']);
});

test('reports each problem of a URL without repeating its password', () => {
  const flaws = checkEndpoint(keysetAt('http://user:s3cr3t@10.0.0.1/jwks#s3cr3t'));
  const expected = ['endpoint-not-https', 'endpoint-credentials', 'endpoint-private', 'endpoint-fragment'];
  assert.deepEqual(
    flaws.map(({ rule }) => rule.id),
    expected,
  );
  assert.ok(!JSON.stringify(flaws.map(({ message, fix }) => [message, fix])).includes('s3cr3t'));
});

test('never throws for any text, and reports findings for the same keyset only', () => {
  const text = fc.oneof(
    fc.string(),
    fc.webUrl(),
    fc.string().map((rest) => `https://${rest}`),
  );
  fc.assert(
    fc.property(text, (address) => {
      const keyset = keysetAt(address);
      for (const { location } of checkEndpoint(keyset)) assert.equal(location.component, keyOf(keyset));
    }),
  );
});

const spellings = (octets: readonly number[]): readonly string[] => {
  const number = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  const hex = octets.map((octet) => octet.toString(16).padStart(2, '0')).join('');
  const plain = octets.join('.');
  return [
    plain,
    String(number),
    `0x${hex}`,
    octets.map((octet) => `0${octet.toString(8)}`).join('.'),
    `[::ffff:${plain}]`,
  ];
};

test('every notation of every private IPv4 address is private', () => {
  const octet = fc.integer({ min: 0, max: 255 });
  const start = fc.constantFrom([10], [127], [192, 168], [172, 16], [169, 254]);
  const address = fc.tuple(start, octet, octet, octet).map(([first, ...rest]) => [...first, ...rest].slice(0, 4));
  const claim = (octets: readonly number[]): void => {
    for (const host of spellings(octets)) assert.ok(isPrivateHost(new URL(`https://${host}/`).hostname), host);
  };
  fc.assert(fc.property(address, claim));
});

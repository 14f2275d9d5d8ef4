import fc from 'fast-check';
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startLocalOrg, type LocalOrg } from '../../local-org/index';
import { Client, loginKey, logIn } from './client';

let org: LocalOrg;
let client: Client;

before(async () => {
  org = await startLocalOrg({ alias: 'dev', kind: 'sandbox', port: 0, loginKey });
  client = new Client(org, await logIn(org));
});
after(() => org.close());

for (const [request, path, init] of [
  ['an unknown path', '/services/nonsense', {}],
  ['the root', '/', {}],
  ['a malformed path', '/%ff/%zz', {}],
  ['a path that starts with a host', '//evil.example.com/services/data/v67.0/x', {}],
  ['another method', '/services/data/v67.0/query', { method: 'DELETE' }],
  ['a deploy without a body', '/services/data/v67.0/metadata/deployRequest', { method: 'POST' }],
  [
    'a deploy without multipart',
    '/services/data/v67.0/metadata/deployRequest',
    { method: 'POST', body: '{"a":1}', headers: { 'content-type': 'application/json' } },
  ],
  [
    'an empty multipart',
    '/services/data/v67.0/metadata/deployRequest',
    { method: 'POST', body: 'x', headers: { 'content-type': 'multipart/form-data; boundary=y' } },
  ],
  ['a query without text', '/services/data/v67.0/query', {}],
] as const) {
  test(`returns an error in Salesforce's format for ${request}`, async () => {
    const response = await client.rest(path, init);
    assert.ok(response.status >= 400 && response.status < 500, String(response.status));
    const body = (await response.json()) as { errorCode: string; message: string }[];
    assert.match(body[0]?.errorCode ?? '', /^[A-Z_]+$/);
    assert.equal(typeof body[0]?.message, 'string');
  });
}

test('returns a SOAP fault for any text', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ maxLength: 100 }), async (body) => {
      const response = await fetch(`${org.url}/services/Soap/m/67.0`, { method: 'POST', body });
      assert.equal(response.status, 500);
      assert.match(await response.text(), /<soapenv:Fault><faultcode>sf:[A-Z_]+<\/faultcode>/);
    }),
    { numRuns: 60 },
  );
});

const isOperation = (name: string): boolean => name !== 'constructor' && name !== 'toString';

test('returns a result or a coded fault for any operation with invalid parameters', async () => {
  const operations = [
    'deploy',
    'checkDeployStatus',
    'cancelDeploy',
    'deployRecentValidation',
    'retrieve',
    'checkRetrieveStatus',
    'listMetadata',
    'describeMetadata',
    'readMetadata',
    'constructor',
    'toString',
  ];
  const part = fc.constantFrom(
    '<ZipFile>####</ZipFile>',
    '<id>x</id>',
    '<type>Flow</type>',
    '<queries/>',
    '<retrieveRequest/>',
    '<asyncProcessId/>',
    'text',
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...operations), fc.array(part, { maxLength: 3 }), async (name, parts) => {
      const outcome = await client.soap(`<${name}>${parts.join('')}</${name}>`).then(
        (response) => response.name,
        (error: unknown) => (error as Error).message,
      );
      const expected = isOperation(name) ? new RegExp(`^(${name}Response$|[A-Z_]+: )`) : /^INVALID_OPERATION: /;
      assert.match(outcome, expected);
    }),
    { numRuns: 100 },
  );
  assert.equal((await client.rest('/services/data/v67.0/')).status, 200);
});

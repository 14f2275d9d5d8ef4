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

for (const [what, path, init] of [
  ['an unknown path', '/services/nonsense', {}],
  ['the root', '/', {}],
  ['an odd path', '/%ff/%zz', {}],
  ['a host for a path', '//evil.example.com/services/data/v67.0/x', {}],
  ['another method', '/services/data/v67.0/query', { method: 'DELETE' }],
  ['a deploy without a body', '/services/data/v67.0/metadata/deployRequest', { method: 'POST' }],
  [
    'a deploy that is not multipart',
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
  test(`${what} gets an error of Salesforce's shape`, async () => {
    const answer = await client.rest(path, init);
    assert.ok(answer.status >= 400 && answer.status < 500, String(answer.status));
    const body = (await answer.json()) as { errorCode: string; message: string }[];
    assert.match(body[0]?.errorCode ?? '', /^[A-Z_]+$/);
    assert.equal(typeof body[0]?.message, 'string');
  });
}

test('no text makes SOAP answer anything but a fault', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ maxLength: 100 }), async (body) => {
      const answer = await fetch(`${org.url}/services/Soap/m/67.0`, { method: 'POST', body });
      assert.equal(answer.status, 500);
      assert.match(await answer.text(), /<soapenv:Fault><faultcode>sf:[A-Z_]+<\/faultcode>/);
    }),
    { numRuns: 60 },
  );
});

test('no operation with odd parameters brings the org down', async () => {
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
      await client
        .soap(`<${name}>${parts.join('')}</${name}>`)
        .catch((error: Error) => assert.match(error.message, /^[A-Z_]+: /));
    }),
    { numRuns: 100 },
  );
  assert.equal((await client.rest('/services/data/v67.0/')).status, 200);
});

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Check } from '../../lib/model';
import { DAY_MS, publicJwk, keyPair, privateMembers, type Jwk } from '../lib/jwk/test-keys';
import { startEndpoint, type TestEndpoint } from './test-endpoint';
import { temporaryFolder, createProject, writeFixture } from './test-project';
import { runKeysCommand, type KeysResult } from './run-keys-command';

const folder = temporaryFolder();
const project = createProject(folder);
const KEYSET = 'Customer_Identity_Endpoint';
const validity = { notBefore: new Date(Date.now() - DAY_MS), notAfter: new Date(Date.now() + 365 * DAY_MS) };

let endpoint: TestEndpoint;
let key: Jwk;
let other: Jwk;
before(async () => {
  endpoint = await startEndpoint();
  key = { ...(await publicJwk(keyPair(), validity)), kid: 'first' };
  other = { ...(await publicJwk(keyPair('second'), validity)), kid: 'second' };
  const path = `force-app/main/default/PublicKeyCertificateSet/${KEYSET}.PublicKeyCertificateSet-meta.xml`;
  writeFixture(project, path, keysetXml());
  writeFixture(folder, 'first.json', JSON.stringify(key));
  await runKeysCommand(project, { verb: 'import', name: 'Expected_Key', from: `${folder}/first.json` });
});

after(() => endpoint.close());

const keysetXml = (): string =>
  '<?xml version="1.0" encoding="UTF-8"?>\n<PublicKeyCertificateSet xmlns="http://soap.sforce.com/2006/04/metadata">\n' +
  `    <jwksEndPoint>${endpoint.url}</jwksEndPoint>\n    <jwtIssuer>https://login.example.com</jwtIssuer>\n` +
  '    <masterLabel>Endpoint</masterLabel>\n    <type>JWKS_URL</type>\n</PublicKeyCertificateSet>\n';

const checkEndpoint = (flags: object = {}): Promise<KeysResult> =>
  runKeysCommand(project, { verb: 'check-endpoint', name: KEYSET, allowLoopback: true, ...flags });

function failedChecks({ document, shown }: KeysResult): readonly string[] {
  assert.ok(document['endpoints'], shown);
  const [first] = document['endpoints'] as readonly { checks: readonly Check[] }[];
  return (first?.checks ?? []).filter(({ ok }) => !ok).map(({ name }) => name);
}

describe('check-endpoint', () => {
  test('passes for a valid endpoint and shows which org reads it', async () => {
    endpoint.serve({ keys: [key] });
    const ran = await checkEndpoint({ key: ['Expected_Key'] });
    assert.deepEqual([ran.exit, failedChecks(ran)], [0, []]);
    assert.match(ran.shown, /read by prod/);
  });

  test('has a line for an endpoint that does not respond, checks the others, and ends with exit code 4', async () => {
    endpoint.serve({ keys: [key] });
    const file = join(project, 'config/orgs/dev.json');
    const before = readFileSync(file, 'utf8');
    const override = { [KEYSET]: { jwksEndPoint: 'http://127.0.0.1:9/keys' } };
    const overrides = { PublicKeyCertificateSet: override };
    writeFileSync(
      file,
      JSON.stringify({ ...(JSON.parse(before) as object), include: [`PublicKeyCertificateSet:${KEYSET}`], overrides }),
    );
    try {
      const { exit, shown } = await checkEndpoint();
      assert.equal(exit, 4, shown);
      assert.match(shown, /^http:\/\/127\.0\.0\.1:9\/keys\n {2}read by dev\n {2}FAILED {2}reachable: /m);
      assert.match(shown, /read by prod\n(?: {2}passed .*\n)+/);
    } finally {
      writeFileSync(file, before);
    }
  });

  test('rejects an http URL without --allow-loopback', async () => {
    assert.equal((await checkEndpoint({ allowLoopback: false })).code, 'invalid-flag');
  });

  test('fails for a missing expected key and for an unexpected key', async () => {
    endpoint.serve({ keys: [other] });
    assert.deepEqual(failedChecks(await checkEndpoint({ key: ['Expected_Key'] })), [
      'expected Expected_Key',
      'unexpected keys',
    ]);
  });

  test('fails for another key with the kid of an expected key', async () => {
    endpoint.serve({ keys: [{ ...other, kid: 'first' }] });
    assert.deepEqual(failedChecks(await checkEndpoint({ key: ['Expected_Key'] })), ['expected Expected_Key']);
  });

  const answers: readonly (readonly [
    claim: string,
    failed: readonly string[],
    answer: (response: ServerResponse) => void,
  ])[] = [
    [
      'a required login',
      ['reachable without a login'],
      (response) => response.writeHead(401, JSON_TYPE).end(JSON.stringify({ keys: [key] })),
    ],
    [
      'a redirect',
      ['reachable without a login'],
      (response) =>
        response
          .writeHead(302, { ...JSON_TYPE, location: 'https://elsewhere.example.com' })
          .end(JSON.stringify({ keys: [key] })),
    ],
    [
      'a wrong content type',
      ['content type'],
      (response) => response.writeHead(200, { 'content-type': 'text/html' }).end(JSON.stringify({ keys: [key] })),
    ],
    [
      'a response that is too large',
      ['size'],
      (response) => response.writeHead(200, JSON_TYPE).end(JSON.stringify({ keys: [key], note: 'x'.repeat(200_000) })),
    ],
    ['a response that is not JSON', ['JSON'], (response) => response.writeHead(200, JSON_TYPE).end('<html>')],
    ['a response without keys', ['JSON'], (response) => response.writeHead(200, JSON_TYPE).end('{}')],
    [
      'an empty JWKS document',
      ['at least one key'],
      (response) => response.writeHead(200, JSON_TYPE).end('{"keys":[]}'),
    ],
    [
      'a private key',
      ['at least one key', 'key first'],
      (response) => response.writeHead(200, JSON_TYPE).end(JSON.stringify({ keys: [{ ...key, ...privateMembers() }] })),
    ],
    [
      'a duplicate kid',
      ['kids are unique'],
      (response) => response.writeHead(200, JSON_TYPE).end(JSON.stringify({ keys: [key, { ...other, kid: 'first' }] })),
    ],
  ];
  const JSON_TYPE = { 'content-type': 'application/json' };

  for (const [what, failed, answer] of answers) {
    test(`fails for ${what}`, async () => {
      endpoint.answer = (_request, response) => answer(response);
      const ran = await checkEndpoint();
      assert.deepEqual([ran.exit, failedChecks(ran)], [1, failed]);
    });
  }

  test('passes with notes beside a key for encryption and a long cache lifetime, and says which keys are usable', async () => {
    endpoint.answer = (_request, response) =>
      void response
        .writeHead(200, { ...JSON_TYPE, 'cache-control': 'max-age=3293198' })
        .end(JSON.stringify({ keys: [{ ...other, use: 'enc', alg: 'RSA-OAEP' }, key] }));
    const { exit, shown } = await checkEndpoint();
    assert.equal(exit, 0, shown);
    assert.match(shown, /^ {2}passed {2}at least one key: 1 usable: first$/m);
    assert.match(shown, /^ {2}note {4}key second: ignored, because no token can be verified with it\. .*use is enc/m);
    assert.match(shown, /^ {2}note {4}cache lifetime: Caches may keep the document for 38 days .*--cache-hours 915/m);
  });

  test('names the target of a redirect, and nothing else', async () => {
    endpoint.answer = (_request, response) => void response.writeHead(301, { location: '/jwks/' }).end();
    const { document, shown } = await checkEndpoint();
    const [{ checks }] = document['endpoints'] as [{ checks: readonly Check[] }];
    assert.equal(checks.length, 1);
    assert.match(
      shown,
      /FAILED {2}reachable without a login: 301, a redirect to http:\/\/127\.0\.0\.1:\d+\/jwks\/\. Set that/,
    );
  });

  test('passes for the same keys in another order', async () => {
    let count = 0;
    endpoint.answer = (_request, response) =>
      void response
        .writeHead(200, JSON_TYPE)
        .end(JSON.stringify({ keys: count++ % 2 === 0 ? [key, other] : [other, key] }));
    assert.equal((await checkEndpoint()).exit, 0);
  });

  test('fails when the response changes between requests', async () => {
    let count = 0;
    endpoint.answer = (_request, response) =>
      void response.writeHead(200, JSON_TYPE).end(JSON.stringify({ keys: [count++ % 2 === 0 ? key : other] }));
    assert.deepEqual(failedChecks(await checkEndpoint()), ['stable response']);
  });

  test('limits an endless response and reports a closed connection as unreachable', async () => {
    endpoint.answer = (_request, response) => {
      response.writeHead(200, JSON_TYPE);
      const pour = (): void => void response.write('x'.repeat(64 * 1024), (failed) => failed ?? setImmediate(pour));
      pour();
    };
    assert.ok(failedChecks(await checkEndpoint()).includes('size'));
    endpoint.answer = (request) => void request.socket.destroy();
    const { exit, shown } = await checkEndpoint();
    assert.equal(exit, 4);
    assert.match(shown, /FAILED {2}reachable: .*closed/);
  });
});

describe('import from an endpoint', () => {
  test('imports the key with the given kid without placeholder members', async () => {
    endpoint.serve({ keys: [{ ...other, y: 'y', crv: 'crv', d: 'd', k: 'k', x5t: 'abc' }, key] });
    const { exit, shown } = await runKeysCommand(project, {
      verb: 'import',
      name: 'Fetched',
      from: endpoint.url,
      kid: 'second',
      allowLoopback: true,
    });
    assert.equal(exit, 0, shown);
    const { document } = await runKeysCommand(project, { verb: 'jwks', name: KEYSET, key: ['Fetched'] });
    const [published] = (document['jwks'] as { keys: readonly Jwk[] }).keys;
    assert.deepEqual(published, other);
  });

  test('rejects redirects and error responses', async () => {
    for (const status of [301, 401, 404, 500]) {
      endpoint.answer = (_request, response) =>
        void response.writeHead(status, { location: endpoint.url }).end(JSON.stringify({ keys: [key] }));
      assert.equal(
        (await runKeysCommand(project, { verb: 'import', name: 'Never', from: endpoint.url, allowLoopback: true }))
          .exit,
        4,
      );
    }
  });

  test('rejects a URL that is not public https', async () => {
    for (const from of [
      'http://example.com/jwks',
      'https://10.0.0.1/jwks',
      'https://localhost/jwks',
      'https://user:secret@example.com/',
      'file:///etc/passwd',
      'ftp://example.com/a',
    ]) {
      const { exit, code, shown } = await runKeysCommand(project, { verb: 'import', name: 'Never', from });
      assert.deepEqual([exit, code], [3, 'invalid-flag'], from);
      assert.ok(!shown.includes('secret'));
    }
  });
});

describe('jwks', () => {
  test('omits inactive keys and rejects a document without an active key', async () => {
    const file = `force-app/main/default/PublicKeyCertificate/Expected_Key.PublicKeyCertificate-meta.xml`;
    writeFixture(
      project,
      file,
      '<PublicKeyCertificate xmlns="http://soap.sforce.com/2006/04/metadata"><isActive>false</isActive><jsonWebKey>{}</jsonWebKey><masterLabel>x</masterLabel></PublicKeyCertificate>',
    );
    const { exit, document } = await runKeysCommand(project, {
      verb: 'jwks',
      name: KEYSET,
      key: ['Expected_Key', 'Fetched'],
    });
    assert.deepEqual(
      [exit, (document['jwks'] as { keys: readonly Jwk[] }).keys.map(({ kid }) => kid)],
      [0, ['second']],
    );
    assert.equal((await runKeysCommand(project, { verb: 'jwks', name: KEYSET, key: ['Expected_Key'] })).exit, 3);
  });

  test('rejects a source with a private key', async () => {
    const jwk = JSON.stringify({ ...key, ...privateMembers() });
    writeFixture(
      project,
      'force-app/main/default/PublicKeyCertificate/Leaking.PublicKeyCertificate-meta.xml',
      `<PublicKeyCertificate xmlns="http://soap.sforce.com/2006/04/metadata"><isActive>true</isActive><jsonWebKey>${jwk}</jsonWebKey><masterLabel>x</masterLabel></PublicKeyCertificate>`,
    );
    const { exit, document } = await runKeysCommand(project, { verb: 'jwks', name: KEYSET, key: ['Leaking'] });
    assert.equal(exit, 3);
    assert.ok(!JSON.stringify(document).includes(String(privateMembers()['d'])));
  });
});

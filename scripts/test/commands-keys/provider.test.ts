import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { readKeyProject } from '../../lib/keys/keyset';
import { writeProvider } from '../../lib/keys/provider';
import { loadProject } from '../../lib/project';
import { keyPair, publicJwk, type Jwk } from '../lib/jwk/test-keys';
import { runKeysCommand, type KeysResult } from './run-keys-command';
import { startEndpoint, type TestEndpoint } from './test-endpoint';
import { createProject, folderDigest, temporaryFolder } from './test-project';

const folder = temporaryFolder();
const project = createProject(folder);
const KEYSET = 'Customer_Identity_Endpoint';
const KEYSET_FILE = `force-app/main/default/PublicKeyCertificateSet/${KEYSET}.PublicKeyCertificateSet-meta.xml`;

let endpoint: TestEndpoint;
let origin: string;
let key: Jwk;
before(async () => {
  endpoint = await startEndpoint();
  ({ origin } = new URL(endpoint.url));
  key = { ...(await publicJwk(keyPair())), x5c: undefined };
});
after(() => endpoint.close());

const provider = (url: string, flags: object = {}): Promise<KeysResult> =>
  runKeysCommand(project, { verb: 'provider', name: url, allowLoopback: true, ...flags });

/** Serves documents by path, each with headers. Every other path responds with 404. */
function serve(documents: Readonly<Record<string, unknown>>, headers: object = {}): void {
  endpoint.answer = ({ url = '' }, response) => {
    const document = documents[url];
    if (document === undefined) return void response.writeHead(404).end();
    response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(document));
  };
}

const discoveryOf = (issuer: string, members: object = {}) => ({ issuer, jwks_uri: `${origin}/keys`, ...members });

describe('the discovery document is found', () => {
  const PATHS: readonly (readonly [given: string, served: string])[] = [
    ['', '/.well-known/openid-configuration'],
    ['/', '/.well-known/openid-configuration'],
    ['/realms/shop', '/realms/shop/.well-known/openid-configuration'],
    ['/realms/shop/', '/realms/shop/.well-known/openid-configuration'],
    ['/.well-known/openid-configuration', '/.well-known/openid-configuration'],
    ['/oauth2/default', '/.well-known/oauth-authorization-server/oauth2/default'],
    ['', '/.well-known/oauth-authorization-server'],
  ];
  for (const [given, served] of PATHS)
    test(`for ${given || 'an origin'} at ${served}`, async () => {
      serve({ [served]: discoveryOf('https://id.example.com'), '/keys': { keys: [key] } });
      const { exit, shown } = await provider(`${origin}${given}`);
      assert.equal(exit, 0, shown);
      assert.ok(shown.startsWith(`${origin}${served}`));
    });

  test('or the error lists what was tried', async () => {
    serve({ '/.well-known/openid-configuration': { error: 'no' } });
    const { exit, code, shown } = await provider(origin);
    assert.deepEqual([exit, code], [4, 'endpoint-unreachable']);
    assert.match(
      shown,
      /openid-configuration has no "issuer" and "jwks_uri"\. .*oauth-authorization-server responds with 404\./,
    );
  });

  test('only at a public https URL', async () => {
    for (const url of ['http://id.example.com', 'https://10.0.0.1', 'nothing'])
      assert.deepEqual((await provider(url, { allowLoopback: false })).code, 'invalid-flag', url);
    const { shown } = await provider(origin, { allowLoopback: false });
    assert.match(shown, /Use the https URL of the issuer .*, or add --allow-loopback for a server on this machine\./);
  });
});

test('warns about an issuer that is not the one that was requested, and shows both', async () => {
  const path = '/tenant/.well-known/openid-configuration';
  serve({ [path]: discoveryOf('https://sts.example.com/tenant/'), '/keys': { keys: [key] } });
  const { exit, shown } = await provider(`${origin}/tenant`);
  assert.equal(exit, 0, shown);
  assert.ok(
    shown.includes(
      `Warning: The issuer "https://sts.example.com/tenant/" differs from the URL of the discovery document, "${origin}/tenant".`,
    ),
    shown,
  );
  assert.match(shown, /Nothing was written\. To write it, add --write\./);
  for (const issuer of [`${origin}/tenant`, `${origin}/tenant/`]) {
    serve({ [path]: discoveryOf(issuer), '/keys': { keys: [key] } });
    assert.doesNotMatch((await provider(`${origin}/tenant/`)).shown, /Warning/);
  }
});

describe('a provider that Salesforce cannot use is reported, and nothing is written', () => {
  const CASES: readonly (readonly [what: string, discovery: object, problem: RegExp])[] = [
    [
      'a template of several tenants',
      { issuer: 'https://login.example.com/{tenantid}/v2.0' },
      /template for several tenants/,
    ],
    ['an empty issuer', { issuer: '' }, /The issuer is empty/],
    ['a blank issuer', { issuer: ' ' }, /The issuer is empty/],
    ['an issuer with whitespace around it', { issuer: 'https://id.example.com ' }, /whitespace before or after/],
    ['an issuer with control characters', { issuer: 'https://id.example\u0000.com' }, /contains control characters/],
    ['a JWKS URL with a fragment', { jwks_uri: 'https://id.example.com/keys#a' }, /JWKS URL has a fragment/],
    ['a JWKS URL with an empty fragment', { jwks_uri: 'https://id.example.com/keys#' }, /JWKS URL has a fragment/],
    ['a JWKS URL with a user', { jwks_uri: 'https://a:b@id.example.com/' }, /JWKS URL contains a user name/],
    ['a JWKS URL with a template', { jwks_uri: 'https://id.example.com/{tenant}' }, /JWKS URL is a template/],
    ['a JWKS URL with whitespace', { jwks_uri: ' https://id.example.com/keys' }, /a URL must encode/],
    ['a JWKS URL that is a path', { jwks_uri: '/keys' }, /The JWKS URL isn't a URL/],
    ['a JWKS URL that is not public', { jwks_uri: 'https://10.0.0.1/keys' }, /loopback, private, or reserved address/],
    [
      'a JWKS URL on a host of Salesforce',
      { jwks_uri: 'https://acme.my.site.com/keys' },
      /is on a Salesforce host\. Salesforce requires a host outside Salesforce/,
    ],
    ['an issuer that is a placeholder', { issuer: 'https://YOUR_TENANT.example.com' }, /contains a placeholder/],
    [
      'other algorithms',
      { id_token_signing_alg_values_supported: ['ES256', 'EdDSA'] },
      /signs ID tokens with ES256 or EdDSA/,
    ],
  ];
  for (const [what, members, problem] of CASES)
    test(what, async () => {
      serve({
        '/.well-known/openid-configuration': discoveryOf('https://id.example.com', members),
        '/keys': { keys: [key] },
      });
      const before = readFileSync(join(project, KEYSET_FILE), 'utf8');
      const { exit, shown } = await provider(origin, { write: true });
      assert.equal(exit, 1);
      assert.match(shown, problem);
      assert.match(shown, /Nothing was written\.$/m);
      assert.equal(readFileSync(join(project, KEYSET_FILE), 'utf8'), before);
    });
});

describe('--write', () => {
  const orgFile = (alias: string): string => join(project, `config/orgs/${alias}.json`);
  const readOrgFile = (alias: string): object => JSON.parse(readFileSync(orgFile(alias), 'utf8')) as object;

  test('creates a keyset that source lacks, which check accepts', () => {
    const metadata = { url: '', issuer: 'https://new.example.com/', jwksUri: 'https://new.example.com/keys' };
    const flags = { verb: 'provider', name: '', keyset: 'New_Provider', org: [], write: true, allowLoopback: false };
    const file = KEYSET_FILE.replaceAll(KEYSET, 'New_Provider');
    const provider = { ...metadata, algorithms: [], pairwiseSubjects: false };
    const written = writeProvider(
      readKeyProject(project),
      provider,
      flags as unknown as Parameters<typeof writeProvider>[2],
    );
    assert.equal(written[0], `Written: ${file}`);
    const text = readFileSync(join(project, file), 'utf8');
    assert.match(text, /<jwtIssuer>https:\/\/new\.example\.com\/<\/jwtIssuer>[^]*<type>JWKS_URL<\/type>/);
    const { findings } = loadProject(project, { orgs: [] }, new Date());
    assert.deepEqual(
      findings.filter((finding) => finding.file === file && finding.severity === 'error'),
      [],
    );
  });

  test('writes the override of an org that receives the keyset, and keeps the rest of its file', async () => {
    serve({ '/.well-known/openid-configuration': discoveryOf('https://prod.example.com'), '/keys': { keys: [key] } });
    writeFileSync(orgFile('prod'), JSON.stringify({ ...readOrgFile('prod'), scrt2URL: origin }, null, 2));
    const before = readOrgFile('prod') as { readonly overrides: object };
    const source = readFileSync(join(project, KEYSET_FILE), 'utf8');
    const { shown } = await provider(origin, { write: true, org: ['prod', 'dev'] });
    const override = { [KEYSET]: { jwtIssuer: 'https://prod.example.com', jwksEndPoint: `${origin}/keys` } };
    const overrides = { ...before.overrides, PublicKeyCertificateSet: override };
    assert.deepEqual(readOrgFile('prod'), { ...before, overrides });
    assert.equal(readFileSync(join(project, KEYSET_FILE), 'utf8'), source);
    assert.match(shown, /Written: config\/orgs\/prod\.json/);
    assert.match(shown, /dev doesn't receive the keyset Customer_Identity_Endpoint, so its org file was not changed\./);
    const rules = loadProject(project, { orgs: [] }, new Date()).findings.map(({ rule }) => rule);
    assert.deepEqual(
      rules.filter((rule) => rule.startsWith('endpoint-')),
      [],
    );
    writeFileSync(orgFile('prod'), JSON.stringify({ ...readOrgFile('prod'), scrt2URL: undefined }, null, 2));
  });

  test('writes a URL on this machine neither to source nor for an org that is no local org', async () => {
    serve({ '/.well-known/openid-configuration': discoveryOf('https://id.example.com'), '/keys': { keys: [key] } });
    const before = folderDigest(project);
    for (const [flags, why] of [
      [{}, /it belongs in the org file of one, and not in source/],
      [{ keyset: 'New_Keyset', org: ['prod'] }, /it belongs in the org file of one/],
      [{ org: ['prod'] }, /the org file has no scrt2URL on this machine: prod\./],
    ] as const) {
      const { exit, code, shown } = await provider(origin, { write: true, ...flags });
      assert.deepEqual([exit, code], [3, 'invalid-flag']);
      assert.match(shown, why);
    }
    assert.equal(folderDigest(project), before);
  });

  test('warns about an issuer that is longer than a text field of Salesforce', async () => {
    const issuer = `https://id.example.com/${'x'.repeat(300)}`;
    serve({ '/.well-known/openid-configuration': discoveryOf(issuer), '/keys': { keys: [key] } });
    const { exit, shown } = await provider(origin);
    assert.equal(exit, 0);
    assert.match(shown, /The issuer has 323 characters\. Salesforce documents no limit for jwtIssuer/);
  });

  test('does not turn a keyset with uploaded keys into one with an endpoint', async () => {
    serve({ '/.well-known/openid-configuration': discoveryOf('https://id.example.com'), '/keys': { keys: [key] } });
    const { exit, code } = await provider(origin, { write: true, keyset: 'Customer_Identity' });
    assert.deepEqual([exit, code], [3, 'already-exists']);
  });
});

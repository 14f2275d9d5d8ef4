import assert from 'node:assert/strict';
import http from 'node:http';
import { join } from 'node:path';
import { before, test } from 'node:test';
import type { CliRequest, GuardedCommand } from '../../../lib/sf/login-guard.mts';
import { importModule } from './import-module';

/** The guard is an ES module, because a worker runs it without a compiler. */
type Guard = typeof import('../../../lib/sf/login-guard.mts');
let guard: Guard;
before(async () => (guard = await importModule(join(__dirname, '../../../lib/sf/login-guard.mts'))));
const assertPinnedOrg: Guard['assertPinnedOrg'] = (command, request) => guard.assertPinnedOrg(command, request);
const followRedirect: Guard['followRedirect'] = (...args) => guard.followRedirect(...args);

const LOGIN = { username: 'a@b.c', instanceUrl: 'https://a.my.salesforce.com/', orgId: '00D000000000001EAA' };
const QUERY_URL = 'https://a.my.salesforce.com/services/data/v67.0/query';
const SOAP_URL = 'https://a.my.salesforce.com/services/Soap/m/67.0';
const TOKEN = '00D000000000001!AQ.x_y';
const OTHER_TOKEN = '00D000000000002!AQ.x_y';

const command = (login: GuardedCommand['login'] = LOGIN): GuardedCommand => ({ login, hasWritten: false });
const soapBody = (token: string): string =>
  `<soapenv:Envelope><soapenv:Header><SessionHeader><sessionId>${token}</sessionId></SessionHeader></soapenv:Header><soapenv:Body/></soapenv:Envelope>`;
const get = (url: string, token = TOKEN): CliRequest => ({
  method: 'GET',
  url,
  headers: { Authorization: `Bearer ${token}` },
});
const soap = (token: string): CliRequest => ({ method: 'POST', url: SOAP_URL, body: soapBody(token) });

const ALLOWED: Readonly<Record<string, CliRequest>> = {
  'a REST request with a session of the org': get(QUERY_URL),
  'a session with an org ID of 18 characters': get(QUERY_URL, '00D000000000001EAA!AQ.x'),
  'a SOAP request with a session of the org': soap(TOKEN),
  'a request without a session': { method: 'GET', url: QUERY_URL },
  'a request with a JWT-based access token': get(QUERY_URL, 'eyJh.eyJz.c2ln'),
  'a request for a token at the login server': {
    method: 'POST',
    url: 'https://login.salesforce.com/services/oauth2/token',
  },
};

for (const [name, request] of Object.entries(ALLOWED))
  test(`allows ${name}`, () => assertPinnedOrg(command(), request));

const REJECTED: Readonly<Record<string, readonly [CliRequest, RegExp]>> = {
  'another host': [
    get('https://b.my.salesforce.com/services/data'),
    /goes to https:\/\/b\.my\.salesforce\.com\. The run/,
  ],
  'another port': [get('https://a.my.salesforce.com:8443/services/data'), /goes to .*:8443/],
  'another protocol': [get('http://a.my.salesforce.com/services/data'), /goes to http:/],
  'a REST request with a session of another org': [get(QUERY_URL, OTHER_TOKEN), /belongs to org 00D000000000002\. /],
  'a lower-case header with a session of another org': [
    { method: 'POST', url: QUERY_URL, headers: { authorization: `Bearer ${OTHER_TOKEN}` } },
    /belongs to org 00D000000000002/,
  ],
  'a SOAP request with a session of another org': [soap(OTHER_TOKEN), /belongs to org 00D000000000002/],
};

for (const [name, [request, pattern]] of Object.entries(REJECTED))
  test(`stops ${name}, and remembers it for the command`, () => {
    const stopped = command();
    assert.throws(() => assertPinnedOrg(stopped, request), pattern);
    assert.deepEqual([stopped.violation?.name, stopped.hasWritten], ['WrongOrg', false]);
  });

test('compares the case of an org ID, in which 15 characters can differ', () => {
  const login = { ...LOGIN, orgId: '00D00000000aBcDEAA' };
  assertPinnedOrg(command(login), get(QUERY_URL, '00D00000000aBcD!x'));
  assert.throws(() => assertPinnedOrg(command(login), get(QUERY_URL, '00D00000000AbCd!x')), /belongs to org/);
});

test('compares only the host if the login has no org ID, and nothing without a login', () => {
  const { orgId: _, ...withoutId } = LOGIN;
  assertPinnedOrg(command(withoutId), get(QUERY_URL, OTHER_TOKEN));
  assert.throws(() => assertPinnedOrg(command(withoutId), get('https://b')), /goes to/);
  assertPinnedOrg({ hasWritten: false }, get('https://b', OTHER_TOKEN));
});

test('tells whether the org can have received a write before the stopped request', () => {
  const writing = command();
  assertPinnedOrg(writing, get(QUERY_URL));
  assert.equal(writing.hasWritten, false);
  assertPinnedOrg(writing, soap(TOKEN));
  assert.throws(() => assertPinnedOrg(writing, soap(OTHER_TOKEN)), { name: 'WrongOrgAfterWrite' });
});

test('follows the redirect of a read to the same host', () => {
  const request = get(QUERY_URL);
  for (const location of ['/services/data/', 'https://a.my.salesforce.com/services/data/'])
    assert.deepEqual(followRedirect(command(), request, location), {
      ...request,
      url: 'https://a.my.salesforce.com/services/data/',
    });
});

const REDIRECTS: Readonly<Record<string, readonly [CliRequest, string]>> = {
  'a read to another host': [get(QUERY_URL), 'https://b.my.salesforce.com/services/data'],
  'a read to a host without a protocol': [get(QUERY_URL), '//b.my.salesforce.com/services/data'],
  'a read to another protocol': [get(QUERY_URL), 'http://a.my.salesforce.com/services/data'],
  'a write to the same host': [soap(TOKEN), '/services/Soap/m/67.0'],
};

for (const [name, [request, location]] of Object.entries(REDIRECTS))
  test(`does not follow the redirect of ${name}, with or without a login`, () => {
    for (const redirected of [command(), command(undefined)]) {
      assert.throws(() => followRedirect(redirected, request, location), /^WrongOrg: The response redirects to http/);
      assert.ok(redirected.violation);
    }
  });

test("stops a request of Node's client, which sends publications", async () => {
  const { patchCli, currentCommand } = await importModule<typeof import('../../../lib/sf/patch-cli.mts')>(
    join(__dirname, '../../../lib/sf/patch-cli.mts'),
  );
  const { request } = http;
  try {
    // Stands for the modules of the CLI that are patched too.
    const part = { prototype: { httpRequest: () => undefined, refresh: () => undefined } };
    const cli = { Transport: part, Config: part, SessionRefreshDelegate: part };
    const cliRequire = (name: string): unknown => (name.startsWith('node:') ? process.getBuiltinModule(name) : cli);
    patchCli(cliRequire as NodeJS.Require);
    const running = { ...command(), id: 1, argv: [], renewals: [] };
    const send = (): unknown => http.request(new URL('http://127.0.0.1:9/'), { method: 'POST' });
    assert.throws(() => currentCommand.run(running, send), { name: 'WrongOrg' });
    assert.equal(running.violation?.name, 'WrongOrg');
  } finally {
    http.request = request;
  }
});

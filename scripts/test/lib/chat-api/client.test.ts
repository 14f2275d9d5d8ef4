import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, describe, test } from 'node:test';
import {
  exchangeToken,
  readPublicConfig,
  requestUnverifiedToken,
  revokeToken,
  type ChatApiClient,
} from '../../../lib/chat-api';
import { json, startFakeChatApi, type FakeChatApi, type Handler } from './fake-chat-api';

let fake: FakeChatApi;
before(async () => {
  fake = await startFakeChatApi();
});
after(() => fake.close());
beforeEach(() => void fake.requests.splice(0));

const client = (version: 1 | 2, timeoutMs?: number): ChatApiClient => ({
  chatApiUrl: fake.url,
  orgId: '00D000000000001EAA',
  chatDeployment: 'Web_Chat',
  version,
  ...(timeoutMs !== undefined && { timeoutMs }),
});

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const accessToken = (claims: object): string => `${part({ alg: 'RS256' })}.${part(claims)}.c2lnbmF0dXJl`;
const granted = (claims: object, subject?: string): Handler =>
  json(200, {
    accessToken: accessToken(claims),
    ...(subject !== undefined && { context: { endUser: { subject } } }),
  });

describe('a request for an access token', () => {
  test('has the path and the body of version 2 for a chat deployment of type API', async () => {
    fake.handle = granted({});
    await exchangeToken(client(2), 'the-token');
    await requestUnverifiedToken(client(2));
    const shared = {
      orgId: '00D000000000001',
      esDeveloperName: 'Web_Chat',
      capabilitiesVersion: '1',
      platform: 'Web',
      context: { appName: 'verify', clientVersion: '1' },
    };
    assert.deepEqual(
      fake.requests.map(({ method, path, body }) => ({ method, path, body })),
      [
        {
          method: 'POST',
          path: '/iamessage/api/v2/authorization/authenticated/access-token',
          body: { ...shared, authorizationType: 'JWT', customerIdentityToken: 'the-token' },
        },
        { method: 'POST', path: '/iamessage/api/v2/authorization/unauthenticated/access-token', body: shared },
      ],
    );
  });

  test('has the path and the body of version 1 for other chat deployments', async () => {
    fake.handle = granted({});
    await exchangeToken(client(1), 'the-token');
    await requestUnverifiedToken(client(1));
    const shared = { orgId: '00D000000000001', developerName: 'Web_Chat', capabilitiesVersion: '246' };
    assert.deepEqual(
      fake.requests.map(({ path, body }) => ({ path, body })),
      [
        {
          path: '/iamessage/v1/authorization/authenticated/accessToken',
          body: { ...shared, authorizationType: 'JWT', customerIdentityToken: 'the-token' },
        },
        { path: '/iamessage/v1/authorization/unauthenticated/accessToken', body: shared },
      ],
    );
  });

  test('contains no identity token if none is given', async () => {
    fake.handle = granted({});
    await exchangeToken(client(2));
    assert.deepEqual(Object.keys(fake.requests[0]?.body ?? {}).includes('customerIdentityToken'), false);
    assert.equal(fake.requests[0]?.body['authorizationType'], 'JWT');
  });
});

describe('a granted access token', () => {
  test('has the subject of the response and the lifetime of its claims in minutes', async () => {
    fake.handle = granted({ sub: 'other', iat: 1000, exp: 2800 }, 'v2/iamessage/AUTH/Customer/uid:me');
    const result = await exchangeToken(client(2), 'x');
    assert.ok(result.kind === 'granted');
    assert.equal(result.subject, 'v2/iamessage/AUTH/Customer/uid:me');
    assert.equal(result.lifetimeMinutes, 30);
    assert.equal(result.accessToken, accessToken({ sub: 'other', iat: 1000, exp: 2800 }));
  });

  test('has the subject of its claims if the response contains none', async () => {
    fake.handle = granted({ sub: 'v2/iamessage/ANON/1' });
    const result = await exchangeToken(client(2), 'x');
    assert.ok(result.kind === 'granted' && result.subject === 'v2/iamessage/ANON/1');
    assert.equal(result.lifetimeMinutes, undefined);
  });

  test('has no lifetime if iat or exp is missing', async () => {
    for (const claims of [{ iat: 1000 }, { exp: 1000 }]) {
      fake.handle = granted(claims, 's');
      const result = await exchangeToken(client(2), 'x');
      assert.ok(result.kind === 'granted' && result.lifetimeMinutes === undefined);
    }
  });

  test('has an empty subject if it is not a JWT', async () => {
    fake.handle = json(200, { accessToken: 'opaque' });
    const result = await exchangeToken(client(2), 'x');
    assert.ok(result.kind === 'granted' && result.subject === '' && result.accessToken === 'opaque');
  });
});

describe('a rejection', () => {
  for (const [name, body, message] of [
    ['an object with a message', { message: 'no active AuthSchemes' }, 'no active AuthSchemes'],
    ['a list of objects', [{ message: 'first' }, { message: 'second' }], 'first'],
    ['an object with a text', { text: 'not published' }, 'not published'],
    ['an object without both', { code: 7 }, ''],
    ['a message that is not a string', { message: 7 }, ''],
  ] as const)
    test(`has the status and the message of ${name}`, async () => {
      fake.handle = json(400, body);
      assert.deepEqual(await exchangeToken(client(2), 'x'), { kind: 'rejected', status: 400, message });
    });

  test('without a body has an empty message', async () => {
    fake.handle = (_request, response) => void response.writeHead(401).end();
    assert.deepEqual(await exchangeToken(client(2), 'x'), { kind: 'rejected', status: 401, message: '' });
  });

  test('never repeats a token', async () => {
    const secret = accessToken({ sub: 'me' });
    fake.handle = json(401, { message: `The token ${secret} was refused` });
    const result = await exchangeToken(client(2), secret);
    assert.ok(result.kind === 'rejected');
    assert.match(result.message, /^The token \[sha256:[0-9a-f]{12}\] was refused$/);
  });
});

describe('an unexpected response', () => {
  const endless: Handler = (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const write = (): void => void response.write(' '.repeat(64 * 1024), (error) => error ?? setImmediate(write));
    write();
  };
  for (const [name, handle, reason] of [
    [
      'a page',
      (_request, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
      "The response (200, text/html) isn't JSON.",
    ],
    [
      'a redirect',
      (_request, response) => void response.writeHead(307, { location: '/elsewhere' }).end(),
      'The response is a redirect (307), which the Enhanced Chat API never sends.',
    ],
    [
      'an empty response',
      (_request, response) => void response.writeHead(200).end(),
      'The response (200) contains no access token.',
    ],
    ['an empty access token', json(200, { accessToken: '' }), 'The response (200) contains no access token.'],
    [
      'an access token that is an object',
      json(200, { accessToken: {} }),
      'The response (200) contains no access token.',
    ],
    [
      'a closed connection',
      (_request, response) => void response.destroy(),
      'The server closed the connection without a response (ECONNRESET).',
    ],
    ['an endless body', endless, 'The response is larger than 256 KB.'],
  ] satisfies readonly (readonly [string, Handler, string])[])
    test(`is ${name}`, async () => {
      fake.handle = handle;
      assert.deepEqual(await exchangeToken(client(2), 'x'), { kind: 'unexpected', reason });
    });

  test('is no response within the timeout', async () => {
    fake.handle = () => undefined;
    assert.deepEqual(await exchangeToken(client(2, 100), 'x'), {
      kind: 'unexpected',
      reason: 'No response arrived within 0.1 seconds.',
    });
  });

  test('is a body that does not end within the timeout', async () => {
    fake.handle = (_request, response) => void response.writeHead(200).write('{');
    assert.equal((await exchangeToken(client(2, 100), 'x')).kind, 'unexpected');
  });

  test('never sends the token to the target of a redirect', async () => {
    fake.handle = ({ path }, response) =>
      path === '/elsewhere'
        ? void response.end('{"accessToken":"x"}')
        : void response.writeHead(307, { location: `${fake.url}/elsewhere` }).end();
    await exchangeToken(client(2), 'x');
    assert.equal(fake.requests.length, 1);
  });
});

describe('revoking an access token', () => {
  test('sends it as a bearer token to the path of its version', async () => {
    fake.handle = (_request, response) => void response.writeHead(204).end();
    assert.equal(await revokeToken(client(2), 'secret'), undefined);
    assert.equal(await revokeToken(client(1), 'secret'), undefined);
    assert.deepEqual(
      fake.requests.map(({ method, path, authorization }) => [method, path, authorization]),
      [
        ['DELETE', '/iamessage/api/v2/authorization/authenticated/access-token', 'Bearer secret'],
        ['DELETE', '/iamessage/v1/authorization/authenticated/accessToken', 'Bearer secret'],
      ],
    );
  });

  test('returns the reason of a failure', async () => {
    fake.handle = json(401, { message: 'expired' });
    assert.equal(await revokeToken(client(2), 'x'), 'The Enhanced Chat API responded with 401.');
    fake.handle = (_request, response) => void response.writeHead(300).end();
    assert.match((await revokeToken(client(2), 'x')) ?? '', /redirect \(300\)/);
    fake.handle = () => undefined;
    assert.equal(await revokeToken(client(2, 100), 'x'), 'No response arrived within 0.1 seconds.');
  });
});

describe('the published settings', () => {
  const settings = (authMode: unknown) => ({
    embeddedServiceConfig: { embeddedServiceMessagingChannel: { authMode } },
  });

  test('are read for the 15-character org ID and the chat deployment', async () => {
    fake.handle = json(200, settings('Auth'));
    assert.deepEqual(await readPublicConfig(client(1)), { authMode: 'Auth' });
    const [request] = fake.requests;
    assert.equal(`${request?.method} ${request?.path}`, 'GET /embeddedservice/v1/embedded-service-config');
    assert.deepEqual(request?.query, { orgId: '00D000000000001', esConfigName: 'Web_Chat', language: 'en_US' });
  });

  for (const [name, handle, problem, state] of [
    [
      'an error with a text',
      json(412, { text: 'Not Published' }),
      "It isn't published (412 Not Published).",
      'unpublished',
    ],
    ['an error without a text', json(404, {}), "It isn't published (404).", 'unpublished'],
    ['a server error', json(503, {}), 'The Enhanced Chat API responded with 503.', 'unreadable'],
    ['too many requests', json(429, {}), 'The Enhanced Chat API responded with 429.', 'unreadable'],
    [
      'settings without authMode',
      json(200, settings(undefined)),
      'The published settings contain no authMode.',
      'unreadable',
    ],
    ['a list', json(200, []), 'The published settings contain no authMode.', 'unreadable'],
    [
      'a page',
      (_request, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
      "The response (200, text/html) isn't JSON.",
      'unreadable',
    ],
  ] satisfies readonly (readonly [string, Handler, string, string])[])
    test(`are ${state} for ${name}`, async () => {
      fake.handle = handle;
      assert.deepEqual(await readPublicConfig(client(1)), { problem, state });
    });

  test('are unreachable if nothing responds', async () => {
    fake.handle = () => undefined;
    assert.deepEqual(await readPublicConfig(client(1, 100)), {
      problem: 'No response arrived within 0.1 seconds.',
      state: 'unreachable',
    });
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise<unknown>((resolve) => closed.close(resolve));
    assert.deepEqual(await readPublicConfig({ ...client(1), chatApiUrl: `http://127.0.0.1:${port}` }), {
      problem: 'The server refused the connection (ECONNREFUSED).',
      state: 'unreachable',
    });
  });
});

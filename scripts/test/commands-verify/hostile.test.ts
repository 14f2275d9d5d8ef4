import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { exchangeToken, readPublicConfig, chatApiUrlOf } from '../../lib/chat-api';
import { createWorkspace } from '../commands/workspace';
import { orgIdOf } from '../../local-org/index';
import { startTestOrgs, type TestOrgs } from './test-orgs';

const workspace = createWorkspace();

type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void;

let handler: RequestHandler = (_request, response) => void response.end();
let runtime = '';
const server = createServer((request, response) => handler(request, response));

let testOrgs: TestOrgs;
before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  runtime = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  testOrgs = await startTestOrgs(workspace, { dev: { config: { scrt2URL: runtime } } });
});
after(() => {
  server.closeAllConnections();
  server.close();
});

const json =
  (status: number, body: unknown): RequestHandler =>
  (_request, response) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

/** Drips or pours without an end. */
const endlessBody =
  (chunk: string, pause: number): RequestHandler =>
  (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const pour = (): void => void response.write(chunk, (failed) => failed ?? setTimeout(pour, pause));
    pour();
  };

const HOSTILE_RESPONSES: Readonly<Record<string, RequestHandler>> = {
  'a page': (_request, response) =>
    void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Log in</html>'),
  'a redirect': (_request, response) =>
    void response.writeHead(302, { location: 'https://elsewhere.example.com/' }).end(),
  'nothing at all': (_request, response) => void response.writeHead(200).end(),
  'an empty object': json(200, {}),
  'a list': json(200, [1, 2, 3]),
  'an access token that is no text': json(200, { accessToken: { nested: true }, context: 7 }),
  'an error of the server': json(500, { message: 'sorry' }),
  'not found, in JSON': json(404, { message: 'no such path' }),
  'too many requests': json(429, { message: 'slow down' }),
  'an answer without an end': endlessBody('x'.repeat(64 * 1024), 0),
  'half an answer': (request, response) => {
    response.writeHead(200, { 'content-length': '1000' });
    response.write('{"accessToken":');
    setTimeout(() => request.socket.destroy(), 20);
  },
};

describe('a runtime that answers with', () => {
  for (const [what, answer] of Object.entries(HOSTILE_RESPONSES)) {
    test(`${what} fails the proof, and nothing of it is taken for good`, async () => {
      handler = answer;
      const ran = await testOrgs.fleet.run('verify', { privateKey: testOrgs.keyFile });
      const { checks, status } = ran.org('dev');
      const good = checks.filter(
        ({ part, ok }) => ok && ['acceptance', 'rejection', 'consistency'].includes(part ?? ''),
      );
      assert.deepEqual(good, [], what);
      assert.ok(checks.some(({ name, state }) => name === 'published' && state === 'failed'));
      assert.ok([1, 4].includes(ran.exit) && ['failed', 'unreachable'].includes(status), `${ran.exit} ${status}`);
    });
  }

  test('a closed connection is out of reach: exit code 4', async () => {
    handler = (request) => void request.socket.destroy();
    const ran = await testOrgs.fleet.run('verify', { privateKey: testOrgs.keyFile });
    assert.deepEqual(
      [ran.exit, ran.org('dev').status, ran.org('dev').error?.code],
      [4, 'unreachable', 'chat-api-unreachable'],
    );
  });
});

describe('the client of the runtime gives up', () => {
  const client = () =>
    ({ chatApiUrl: runtime, orgId: orgIdOf('dev'), chatDeployment: 'Web_Chat', version: 2, timeoutMs: 150 }) as const;

  test('on silence', async () => {
    handler = () => undefined;
    assert.deepEqual(await exchangeToken(client(), 'x'), {
      kind: 'unexpected',
      reason: 'It did not answer within 0.15 seconds.',
    });
    assert.match((await readPublicConfig(client())).problem ?? '', /did not answer/);
  });

  test('on an answer that drips', async () => {
    handler = endlessBody(' ', 10);
    assert.equal((await exchangeToken(client(), 'x')).kind, 'unexpected');
  });

  test('at a redirect, whatever waits behind it: a token goes to one address only', async () => {
    let asked = 0;
    handler = (request, response) => {
      asked += 1;
      if (request.url === '/elsewhere') return void json(200, { accessToken: 'x' })(request, response);
      response.writeHead(307, { location: `${runtime}/elsewhere` }).end();
    };
    const answer = await exchangeToken(client(), 'x');
    assert.deepEqual([answer.kind, asked], ['unexpected', 1]);
  });

  test('and repeats nothing that looks like a token, whatever the runtime says', async () => {
    const token = `${'a'.repeat(30)}.${'b'.repeat(50)}.${'c'.repeat(60)}`;
    handler = json(401, { message: `The token ${token} was refused` });
    const answer = await exchangeToken(client(), token);
    assert.ok(
      answer.kind === 'rejected' && /The token \[sha256:[0-9a-f]{12}\] was refused/.test(answer.message),
      JSON.stringify(answer),
    );
  });
});

test('the runtime of an org follows from its My Domain', () => {
  const addresses = {
    'https://acme.my.salesforce.com': 'https://acme.my.salesforce-scrt.com',
    'https://acme.my.salesforce.com/': 'https://acme.my.salesforce-scrt.com',
    'https://acme--dev.sandbox.my.salesforce.com': 'https://acme--dev.sandbox.my.salesforce-scrt.com',
    'https://x.develop.my.salesforce.com': 'https://x.develop.my.salesforce-scrt.com',
    'https://x.scratch.my.salesforce.com': 'https://x.scratch.my.salesforce-scrt.com',
    'http://127.0.0.1:8701/': 'http://127.0.0.1:8701',
    'https://na139.salesforce.com': undefined,
    'https://login.salesforce.com': undefined,
    'http://acme.my.salesforce.com': undefined,
    'https://acme.my.salesforce.com.evil.example': undefined,
    'no address': undefined,
  };
  for (const [instanceUrl, expected] of Object.entries(addresses))
    assert.equal(chatApiUrlOf(instanceUrl), expected, instanceUrl);
});

import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { shareWorkspace } from '../commands/workspace';
import { startTestOrgs, type TestOrgs } from './test-orgs';

const workspace = shareWorkspace();

type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void;

let handler: RequestHandler = (_request, response) => void response.end();
const server = createServer((request, response) => handler(request, response));

let testOrgs: TestOrgs;
before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const scrt2URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  testOrgs = await startTestOrgs(workspace, { dev: { config: { scrt2URL } } });
});
after(() => {
  server.closeAllConnections();
  server.close();
});

const json =
  (status: number, body: unknown): RequestHandler =>
  (_request, response) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

/** A response body that never ends. */
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
  'an empty response': (_request, response) => void response.writeHead(200).end(),
  'an empty object': json(200, {}),
  'a list': json(200, [1, 2, 3]),
  'an access token that is not a string': json(200, { accessToken: { nested: true }, context: 7 }),
  'a server error': json(500, { message: 'sorry' }),
  'a JSON 404 response': json(404, { message: 'no such path' }),
  'too many requests': json(429, { message: 'slow down' }),
  'an endless response': endlessBody('x'.repeat(64 * 1024), 0),
  'a truncated response': (request, response) => {
    response.writeHead(200, { 'content-length': '1000' });
    response.write('{"accessToken":');
    setTimeout(() => request.socket.destroy(), 20);
  },
};

describe('Enhanced Chat API that responds with', () => {
  for (const [what, respond] of Object.entries(HOSTILE_RESPONSES)) {
    test(`${what} fails verification, and no token check passes`, async () => {
      handler = respond;
      const result = await testOrgs.fleet.run('verify', { privateKey: testOrgs.keyFile });
      const { checks, status } = result.org('dev');
      const passedChecks = checks.filter(
        ({ part, ok }) => ok && ['acceptance', 'rejection', 'consistency'].includes(part ?? ''),
      );
      assert.deepEqual(passedChecks, [], what);
      const published = checks.filter(({ name }) => name === 'published').map(({ state }) => state);
      assert.deepEqual([...new Set(published)], [what === 'a JSON 404 response' ? 'failed' : 'inconclusive']);
      assert.ok([1, 4].includes(result.exit) && ['failed', 'unreachable'].includes(status), `${result.exit} ${status}`);
    });
  }

  test('a closed connection is reported as unreachable with exit code 4', async () => {
    handler = (request) => void request.socket.destroy();
    const result = await testOrgs.fleet.run('verify', { privateKey: testOrgs.keyFile });
    assert.deepEqual(
      [result.exit, result.org('dev').status, result.org('dev').error?.code],
      [4, 'unreachable', 'chat-api-unreachable'],
    );
  });
});

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { download, isUrl } from '../../../../lib/verification/endpoint';
import { asToolError, type ToolError } from '../../../../lib/errors';
import { startFakeChatApi, type FakeChatApi } from '../../chat-api/fake-chat-api';

let server: FakeChatApi;
before(async () => {
  server = await startFakeChatApi();
});
after(() => server.close());

const error = (url: string, options: { allowLoopback?: boolean; timeoutMs?: number } = {}): Promise<ToolError> =>
  download(url, { allowLoopback: true, ...options }).then(() => assert.fail('downloaded'), asToolError);

describe('an unsafe URL is rejected without a request', () => {
  for (const [url, why] of [
    ['no URL', "It isn't a URL."],
    ['https://user@id.example.com/', 'It contains a user name or a password.'],
    ['https://:secret@id.example.com/', 'It contains a user name or a password.'],
    ['http://id.example.com/', "It doesn't use https, so anyone on the network path could replace the keys."],
    ['https://10.0.0.1/', "Its host is a loopback, private or reserved address, which Salesforce can't reach."],
    ['file:///etc/passwd', "It doesn't use https, so anyone on the network path could replace the keys."],
  ] as const)
    test(url, async () => {
      const { code, exit, why: actual, what, fix } = await error(url);
      assert.deepEqual([code, exit, actual], ['invalid-flag', 3, why]);
      assert.ok(!`${what}${fix}`.includes('secret'));
    });

  test('a loopback URL without allowLoopback', async () => {
    assert.equal((await error(`${server.url}/jwks.json`, { allowLoopback: false })).code, 'invalid-flag');
    assert.match((await error('https://127.0.0.1/', { allowLoopback: false })).why, /^Its host is a loopback/);
    assert.equal(server.requests.length, 0);
  });
});

describe('a download', () => {
  test('returns status, headers and body, and asks for JSON without cache', async () => {
    server.handle = (_request, response) =>
      void response.writeHead(404, { 'content-type': 'application/json', 'x-test': '1' }).end('{}');
    const { status, headers, body, truncated } = await download(`${server.url}/x?y`, { allowLoopback: true });
    assert.deepEqual([status, headers.get('x-test'), body.toString(), truncated], [404, '1', '{}', false]);
    assert.deepEqual(server.requests.at(-1)?.path, '/x');
  });

  test('is truncated after 1 MB', async () => {
    for (const [size, truncated] of [
      [1024 * 1024, false],
      [1024 * 1024 + 1, true],
    ] as const) {
      server.handle = (_request, response) => void response.end('x'.repeat(size));
      const response = await download(server.url, { allowLoopback: true });
      assert.deepEqual([response.truncated, response.body.length], [truncated, 1024 * 1024]);
    }
  });

  test('does not follow a redirect', async () => {
    server.handle = (_request, response) => void response.writeHead(302, { location: server.url }).end();
    const count = server.requests.length;
    assert.equal((await download(server.url, { allowLoopback: true })).status, 302);
    assert.equal(server.requests.length, count + 1);
  });

  test('is unreachable, with the reason and without the query, if no response arrives', async () => {
    server.handle = () => undefined;
    const timeout = await error(`${server.url}/jwks.json?key=secret`, { timeoutMs: 50 });
    assert.deepEqual(
      [timeout.code, timeout.exit, timeout.what, timeout.why],
      [
        'endpoint-unreachable',
        4,
        `${server.url}/jwks.json couldn't be read.`,
        'No response arrived within 0.05 seconds.',
      ],
    );
    server.handle = (_request, response) => void response.destroy();
    assert.match((await error(server.url)).why, /ECONNRESET/);
  });
});

test('a URL has a scheme with two slashes; a Windows path and a file name are no URLs', () => {
  for (const text of ['https://id.example.com', 'HTTP://x', 'file:///x']) assert.equal(isUrl(text), true, text);
  for (const text of ['key.pem', './a/b.pem', 'C:\\keys\\a.pem', 'c://x', '//host/x'])
    assert.equal(isUrl(text), false, text);
});

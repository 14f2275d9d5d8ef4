import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:https';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { sendRequest } from '../../../lib/chat-api/http';
import { download, inspectEndpoint } from '../../../lib/verification/endpoint';
import { asToolError } from '../../../lib/errors';
import { issueCertificate, serverIdentity, type Issued } from './test-certificates';
import { startProxy, type TestProxy } from './test-proxy';

const URL_TEXT = 'https://id.example.com/jwks.json';

let proxy: TestProxy;
let root: Issued;
let intermediate: Issued;
const initialAuthorities = getCACertificates('default');
const initialProxy = process.env['HTTPS_PROXY'];

before(async () => {
  proxy = await startProxy();
  process.env['HTTPS_PROXY'] = proxy.url;
  root = await issueCertificate({ subject: 'Test root' });
  intermediate = await issueCertificate({ subject: 'Test intermediate', issuer: root });
  // What NODE_EXTRA_CA_CERTS does at the start of a process.
  setDefaultCACertificates([...initialAuthorities, root.certificate.toString('pem')]);
});

after(() => {
  proxy.close();
  setDefaultCACertificates([...initialAuthorities]);
  if (initialProxy === undefined) delete process.env['HTTPS_PROXY'];
  else process.env['HTTPS_PROXY'] = initialProxy;
});

/** Serves a JWKS document with these certificates, behind the proxy, while `use` runs. */
async function withServer<T>(identity: { key: string; cert: string }, use: () => Promise<T>): Promise<T> {
  const server: Server = createServer(identity, (_request, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"keys":[]}'),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  proxy.tunnelTo = (server.address() as AddressInfo).port;
  try {
    return await use();
  } finally {
    proxy.tunnelTo = undefined;
    server.closeAllConnections();
    server.close();
  }
}

const leaf = (
  hosts: readonly string[] = ['id.example.com'],
  issuer = intermediate,
  validDays?: readonly [number, number],
) => issueCertificate({ subject: hosts[0] ?? '', hosts, issuer, ...(validDays && { validDays }) });

const failureOf = async (url = URL_TEXT): Promise<{ why: string; fix: string; exit: number }> =>
  download(url, { allowLoopback: false }).then(() => assert.fail('downloaded'), asToolError);

describe('a request through a proxy', () => {
  test('reaches the host, and its TLS connection is checked', async () => {
    const identity = await serverIdentity(await leaf(), intermediate);
    proxy.log.length = 0;
    const checks = await withServer(identity, () =>
      inspectEndpoint(
        URL_TEXT,
        { keys: [], cacheHours: 72, compromised: [], now: new Date() },
        { allowLoopback: false },
      ),
    );
    assert.deepEqual(checks[0], { name: 'TLS', ok: true, detail: 'TLSv1.3, the certificate expires in 90 days' });
    assert.deepEqual(proxy.log, ['CONNECT id.example.com:443', 'CONNECT id.example.com:443']);
  });

  test('fails the TLS check if the certificate expires within 14 days', async () => {
    for (const [days, ok] of [
      [14, true],
      [13, false],
    ] as const) {
      const identity = await serverIdentity(await leaf(undefined, undefined, [-1, days]), intermediate);
      const [tls] = await withServer(identity, () =>
        inspectEndpoint(
          URL_TEXT,
          { keys: [], cacheHours: 72, compromised: [], now: new Date() },
          { allowLoopback: false },
        ),
      );
      assert.equal(tls?.ok, ok, `${days} days`);
    }
  });

  test('reaches an IPv6 address', async () => {
    const address = '2606:4700:0:0:0:0:0:1111';
    const identity = await serverIdentity(await leaf([address]), intermediate);
    proxy.log.length = 0;
    const { status } = await withServer(identity, () =>
      download('https://[2606:4700::1111]/', { allowLoopback: false }),
    );
    assert.deepEqual([status, proxy.log], [200, ['CONNECT [2606:4700::1111]:443']]);
  });

  test('is used by the Enhanced Chat API', async () => {
    const identity = await serverIdentity(await leaf(['acme.my.salesforce-scrt.com']), intermediate);
    proxy.log.length = 0;
    const url = 'https://acme.my.salesforce-scrt.com/iamessage/';
    const { status } = await withServer(identity, () => sendRequest({ method: 'GET', url }));
    assert.deepEqual([status, proxy.log], [200, ['CONNECT acme.my.salesforce-scrt.com:443']]);
    const { problem } = await sendRequest({ method: 'GET', url });
    assert.match(problem ?? '', /^The proxy 127\.0\.0\.1:\d+ refused the connection to the host \(502\)\.$/);
  });

  test('is rejected before it is sent if the host is private, and is not sent to this machine', async () => {
    proxy.log.length = 0;
    for (const url of ['https://10.0.0.1/', 'https://[::ffff:10.0.0.1]/', 'https://intranet/', 'https://a.internal/'])
      assert.match((await failureOf(url)).why, /loopback, private or reserved address/);
    const { why } = await download('http://127.0.0.1:1/', { allowLoopback: true }).then(
      () => assert.fail(),
      asToolError,
    );
    assert.equal(why, 'The server refused the connection (ECONNREFUSED).');
    assert.deepEqual(proxy.log, []);
  });

  test('names the proxy if it fails, with its status and without its password', async () => {
    for (const [status, why, fix] of [
      [407, /^The proxy 127\.0\.0\.1:\d+ requires a login \(407\)\.$/, /http:\/\/USER:PASSWORD@HOST:PORT/],
      [403, /^The proxy 127\.0\.0\.1:\d+ refused the connection to the host \(403\)\.$/, /NO_PROXY/],
    ] as const) {
      proxy.status = status;
      process.env['HTTPS_PROXY'] = proxy.url.replace('//', '//user:secret@');
      const failure = await failureOf();
      assert.match(failure.why, why);
      assert.match(failure.fix, fix);
      assert.ok(!JSON.stringify(failure).includes('secret'));
    }
    process.env['HTTPS_PROXY'] = 'http://127.0.0.1:1';
    assert.match(
      (await failureOf()).why,
      /^The proxy 127\.0\.0\.1:1 can't be reached: The server refused the connection \(ECONNREFUSED\)/,
    );
    process.env['HTTPS_PROXY'] = 'socks5://user:secret@proxy';
    assert.match((await failureOf()).why, /^HTTPS_PROXY or HTTP_PROXY is not the URL of an HTTP proxy/);
    process.env['HTTPS_PROXY'] = proxy.url;
    proxy.status = 502;
  });
});

describe('a certificate that is not valid has its own message', () => {
  const identities: readonly (readonly [
    what: string,
    identity: () => ReturnType<typeof serverIdentity>,
    why: RegExp,
  ])[] = [
    [
      'self-signed',
      async () => serverIdentity(await issueCertificate({ subject: 'id.example.com', hosts: ['id.example.com'] })),
      /^The server has a self-signed certificate \(DEPTH_ZERO_SELF_SIGNED_CERT\)\.$/,
    ],
    [
      'without the intermediate certificate',
      async () => serverIdentity(await leaf()),
      /intermediate certificate is missing/,
    ],
    [
      'of an unknown authority, with its root',
      async () => {
        const other = await issueCertificate({ subject: 'Other root' });
        return serverIdentity(await leaf(undefined, other), other);
      },
      /^The certificate of the server comes from a certificate authority that this machine doesn't trust \(SELF_SIGNED_CERT_IN_CHAIN\)\.$/,
    ],
    [
      'of an unknown authority, with its intermediate certificate',
      async () => {
        const other = await issueCertificate({ subject: 'Other root' });
        const between = await issueCertificate({ subject: 'Between', issuer: other });
        return serverIdentity(await leaf(undefined, between), between);
      },
      /^The certificate chain of the server is incomplete, or its certificate authority is private/,
    ],
    [
      'of another host',
      async () => serverIdentity(await leaf(['www.example.com', '*.shop.example.com']), intermediate),
      /^The certificate of the server is for another host: DNS:www\.example\.com, DNS:\*\.shop\.example\.com\.$/,
    ],
    [
      'expired',
      async () => serverIdentity(await leaf(undefined, undefined, [-9, -2]), intermediate),
      /^The certificate of the server has expired \(CERT_HAS_EXPIRED\)\.$/,
    ],
    [
      'not yet valid',
      async () => serverIdentity(await leaf(undefined, undefined, [2, 9]), intermediate),
      /^The certificate of the server isn't valid yet \(CERT_NOT_YET_VALID\)\.$/,
    ],
  ];
  for (const [what, identity, why] of identities)
    test(what, async () => {
      const failure = await withServer(await identity(), () => failureOf());
      assert.match(failure.why, why);
      assert.equal(failure.exit, 4);
      assert.doesNotMatch(failure.fix, /curl -i/);
    });

  test('no TLS at the port', async () => {
    const sockets: Socket[] = [];
    const server = createTcpServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => socket.destroy());
      socket.once('data', () => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    proxy.tunnelTo = (server.address() as AddressInfo).port;
    const { why } = await failureOf();
    proxy.tunnelTo = undefined;
    sockets.forEach((socket) => socket.destroy());
    server.close();
    assert.match(why, /doesn't use TLS on this port/);
  });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPublicConfig } from '../../../lib/chat-api';
import { sendRequest } from '../../../lib/chat-api/http';
import { download } from '../../../lib/verification/endpoint';
import { lookupFor, type Resolver } from '../../../lib/http';

const PRIVATE = [
  ...[
    '10.0.0.1',
    '127.0.0.1',
    '169.254.169.254',
    '192.168.1.1',
    '0.0.0.0',
    '::1',
    'fd00::1',
    'fe80::1',
    'fe80::1%eth0',
  ],
  // IPv4 addresses in IPv6: mapped, translated, compatible, NAT64, 6to4, and Teredo.
  ...['::ffff:10.0.0.1', '::ffff:0:10.0.0.1', '::10.0.0.1', '64:ff9b::10.0.0.1', '64:ff9b:1::10.0.0.1'],
  ...['2002:a00:1::', '2001:0:a00:1::', '::ffff:0:8.8.8.8'],
];
const PUBLIC = ['8.8.8.8', '2606:4700::1111', '::ffff:8.8.8.8'];

/** A resolver that returns these addresses, and counts its calls. */
function resolver(...addresses: readonly string[]): { resolve: Resolver; calls: string[] } {
  const calls: string[] = [];
  const resolve: Resolver = (name, callback) => {
    calls.push(name);
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
  return { resolve, calls };
}

for (const address of PRIVATE) {
  test(`a name that resolves to ${address} is rejected before a connection, also next to a public address`, async () => {
    for (const addresses of [[address], ['8.8.8.8', address]]) {
      const { resolve, calls } = resolver(...addresses);
      await assert.rejects(download('https://id.example.com/jwks.json', { allowLoopback: true, resolve }), {
        code: 'invalid-flag',
        why: "Its host resolves to a loopback, private or reserved address, which Salesforce can't reach.",
      });
      const { status, problem } = await sendRequest({ method: 'GET', url: 'https://chat.example.com/', resolve });
      assert.deepEqual(
        [status, problem],
        [undefined, "The host isn't on the public internet. It resolves to a loopback, private or reserved address."],
      );
      assert.deepEqual(calls, ['id.example.com', 'chat.example.com']);
    }
  });
}

test('a connection uses the addresses that were checked, and resolves the name once', () => {
  const { resolve, calls } = resolver(...PUBLIC);
  const lookup = lookupFor(new URL('https://id.example.com/'), resolve);
  lookup?.('id.example.com', { all: true }, (error, addresses) => {
    assert.deepEqual([error, (addresses as { address: string }[]).map(({ address }) => address)], [null, PUBLIC]);
  });
  lookup?.('id.example.com', {}, (error, address, family) =>
    assert.deepEqual([error, address, family], [null, PUBLIC[0], 4]),
  );
  assert.equal(calls.length, 2);
});

test('the Enhanced Chat API is not called at a private address, and a local org is', async () => {
  const client = { orgId: '00D000000000001EAA', chatDeployment: 'Web', version: 1, timeoutMs: 2_000 } as const;
  for (const host of ['10.0.0.1', '[::ffff:0:10.0.0.1]', '[64:ff9b::a00:1]', 'intranet']) {
    const { problem } = await readPublicConfig({ ...client, chatApiUrl: `https://${host}` });
    assert.equal(problem, "The host isn't on the public internet. It is a loopback, private or reserved address.");
  }
  const { problem } = await readPublicConfig({ ...client, chatApiUrl: 'http://127.0.0.1:1' });
  assert.equal(problem, 'The server refused the connection (ECONNREFUSED).');
});

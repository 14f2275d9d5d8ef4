import assert from 'node:assert/strict';
import { test } from 'node:test';
import { strToU8, zipSync } from 'fflate';
import { pack, unpack } from '../../../lib/sf/archive';

test('unpacks a packed package unchanged, with non-ASCII characters', () => {
  const files = new Map([
    ['package.xml', '<Package/>'],
    ['messagingChannels/Web.messagingChannel', '<MessagingChannel>Grüße</MessagingChannel>'],
  ]);
  const back = [...unpack(pack(files))].map(([path, content]) => [path, content.toString('utf8')]);
  assert.deepEqual(back, [...files]);
});

test('keeps binary content and omits folders', () => {
  const der = Uint8Array.from([0x30, 0x82, 0x00, 0xff, 0xfe]);
  const files = unpack(zipSync({ 'unpackaged/certs/': strToU8(''), 'unpackaged/certs/Signer.crt': der }));
  assert.deepEqual([...files], [['certs/Signer.crt', Buffer.from(der)]]);
});

test('rejects a file that is not a zip', () => {
  assert.throws(() => unpack(strToU8('<html>Sorry</html>')), /zip/);
});

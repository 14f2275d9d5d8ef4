import assert from 'node:assert/strict';
import { test } from 'node:test';
import { strToU8, zipSync } from 'fflate';
import { pack, unpack } from '../../../lib/sf/archive';

test('what is packed comes back as it was, umlauts and all', () => {
  const files = new Map([
    ['package.xml', '<Package/>'],
    ['messagingChannels/Web.messagingChannel', '<MessagingChannel>Grüße</MessagingChannel>'],
  ]);
  const back = [...unpack(pack(files))].map(([path, content]) => [path, content.toString('utf8')]);
  assert.deepEqual(back, [...files]);
});

test('bytes that are no text stay what they are, and folders are no files', () => {
  const der = Uint8Array.from([0x30, 0x82, 0x00, 0xff, 0xfe]);
  const files = unpack(zipSync({ 'unpackaged/certs/': strToU8(''), 'unpackaged/certs/Signer.crt': der }));
  assert.deepEqual([...files], [['certs/Signer.crt', Buffer.from(der)]]);
});

test('what is no zip is told, never taken for an empty org', () => {
  assert.throws(() => unpack(strToU8('<html>Sorry</html>')), /zip/);
});

import assert from 'node:assert/strict';
import { createPublicKey, X509Certificate } from 'node:crypto';
import { describe, test } from 'node:test';
import { readRsaPrivateKey } from '../../../lib/key-files';
import { parsePublicKey } from '../../../lib/keys/parse-public-key';
import { createOpensslFiles } from './openssl-files';

const files = createOpensslFiles();
const { text, bytes } = files;

/** The modulus of the key of a certificate, which identifies it. */
const modulusOf = (name: string): unknown => new X509Certificate(text(name)).publicKey.export({ format: 'jwk' })['n'];

/** The kid, the modulus, and the codes of the notes of an imported file. */
function imported(content: string | Buffer, kid?: string): { n?: string; kid?: string; notes: readonly string[] } {
  const result = parsePublicKey({ from: 'FILE', bytes: Buffer.from(content) }, { now: new Date(), kid });
  assert.ok(result.jwk, JSON.stringify(result));
  return { n: result.jwk.n, kid: result.jwk.kid, notes: result.notes.map(({ rule }) => rule) };
}

const [root, issuing, signer] = [text('root.crt'), text('issuing.crt'), text('signer.crt')];

describe('the key of the signer is imported from', () => {
  for (const [name, chain] of [
    ['a chain that starts with the leaf', [signer, issuing, root]],
    ['a chain that starts with the root', [root, issuing, signer]],
    ['a chain with the leaf in the middle', [issuing, signer, root]],
    ['a leaf and its root without the issuing CA', [root, signer]],
    ['a chain that contains the leaf twice', [signer, issuing, signer]],
  ] as const)
    test(name, () => {
      const { n, notes } = imported(chain.join(''));
      assert.equal(n, modulusOf('signer.crt'));
      assert.deepEqual(notes, ['certificate-several']);
    });

  const oneLine = signer.replaceAll('\n', '');
  for (const [name, content, notes] of [
    ['CRLF', signer.replaceAll('\n', '\r\n'), []],
    ['CR alone', signer.replaceAll('\n', '\r'), []],
    ['\\n for its line breaks', signer.replaceAll('\n', '\\n'), ['key-layout']],
    ['\\r\\n for its line breaks', signer.replaceAll('\n', '\\r\\n'), ['key-layout']],
    ['\\\\n for its line breaks', signer.replaceAll('\n', '\\\\n'), ['key-layout']],
    ['one line', oneLine, ['key-layout']],
    ['one line with spaces', signer.trim().replaceAll('\n', ' '), ['key-layout']],
    ['indentation', signer.replace(/^/gm, '    '), ['key-layout']],
    ['tabs', signer.replace(/^/gm, '\t'), ['key-layout']],
    ['quotes on lines of their own', `"\n${signer}"\n`, ['key-layout']],
    ['single quotes', `'${signer.trim()}'`, ['key-layout']],
    ['the name of a variable', `CERTIFICATE="${signer.trim()}"`, ['key-layout']],
    ['a JSON string', JSON.stringify(signer), ['key-layout', 'key-layout']],
    ['a byte order mark', `\uFEFF${signer}`, ['key-layout']],
    ['URL encoding (nginx)', encodeURIComponent(signer), ['key-layout']],
    ['a label in another case', signer.replaceAll('CERTIFICATE', 'Certificate'), []],
    ['a label that is a little wrong', signer.replaceAll('CERTIFICATE', 'CERT'), []],
    ['blank lines between its lines', signer.replaceAll('\n', '\n\n'), []],
    ['an .env file', `MODE=test\nCERT="${signer.trim().replaceAll('\n', '\\n')}"\n`, ['key-layout', 'key-layout']],
    ['YAML', `cert: |\n${signer.replace(/^(?=.)/gm, '  ')}`, ['key-layout']],
    ['text around it', `Bag Attributes\n    friendlyName: signer\n${signer}\nend`, []],
    ['attributes in Windows-1252', Buffer.from(`friendlyName: Schl\xFCssel\n${signer}`, 'latin1'), []],
    ['DER', bytes('signer.cer'), []],
    ['a trusted certificate', text('trusted.crt'), []],
    ['the attributes of openssl pkcs12', text('signer.attributes.crt'), ['certificate-several']],
  ] as const)
    test(`a certificate with ${name}`, () => {
      const reading = imported(content);
      assert.deepEqual([reading.n, reading.notes], [modulusOf('signer.crt'), notes]);
    });
});

test('a self-signed certificate that openssl req -x509 marks as a CA certificate is imported with a note', () => {
  for (const name of ['own.crt', 'canada.crt', 'auth0.crt'])
    assert.deepEqual(imported(text(name)).notes, ['certificate-ca'], name);
  assert.deepEqual(imported(text('other.crt')).notes, []);
});

test('of the certificates of one key, the newest is imported', () => {
  const x5c = [new X509Certificate(text('renewed.crt')).raw.toString('base64')];
  for (const chain of [
    [signer, text('renewed.crt')],
    [text('renewed.crt'), issuing, signer],
  ]) {
    const result = parsePublicKey({ from: 'FILE', bytes: Buffer.from(chain.join('')) }, { now: new Date() });
    assert.deepEqual(result.jwk?.x5c, x5c);
  }
});

test('the selected certificate of a map from kid to certificate is imported with its kid', () => {
  const map = JSON.stringify({ k1: signer, k2: text('other.crt') });
  assert.deepEqual(imported(map, 'k2'), { kid: 'k2', n: modulusOf('other.crt'), notes: [] });
  assert.equal(imported(JSON.stringify({ only: signer }), 'only').kid, 'only');
});

test('a private key is read from each format that openssl writes, and from a JWK', () => {
  const expected = createPublicKey(text('signer.key')).export({ format: 'jwk' })['n'];
  const reading = readRsaPrivateKey(bytes('signer.key'));
  assert.ok('key' in reading);
  for (const content of [
    ...[text('signer.key'), text('signer.pkcs1.key'), bytes('signer.key.der'), text('signer.attributes.pem')],
    text('signer.key').replaceAll('\n', '\r\n'),
    `\n\n${text('signer.key')}\n`,
    text('signer.crt') + text('signer.key'),
    JSON.stringify(reading.key.export({ format: 'jwk' })),
  ]) {
    const result = readRsaPrivateKey(Buffer.from(content));
    assert.ok('key' in result, JSON.stringify(result));
    assert.equal(createPublicKey(result.key).export({ format: 'jwk' })['n'], expected);
  }
});

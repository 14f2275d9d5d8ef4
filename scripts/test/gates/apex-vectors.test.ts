/**
 * Compares the test vectors, the expected values in the Apex tests, with the output of jose. apex-run.test.ts runs the Apex
 * tests, so the Apex classes create the same tokens as jose.
 */
import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { base64url, compactVerify, CompactSign, SignJWT } from 'jose';
import { PROJECT } from './list-files';

const CLASSES = join(PROJECT, 'member-site/main/default/classes');

const classText = (name: string): string => readFileSync(join(CLASSES, `${name}.cls`), 'utf8');

/** Returns the text of a constant of an Apex class, with its parts concatenated. */
function readConstant(text: string, name: string): string {
  const value =
    new RegExp(`static final \\w+ ${name} =([^;]*);`).exec(text)?.[1] ?? assert.fail(`${name} was not found`);
  return [...value.matchAll(/'((?:\\.|[^'])*)'/g)].map(([, piece = '']) => unescape(piece)).join('');
}

const unescape = (piece: string): string => piece.replace(/\\(.)/g, '$1');

const TOKEN_TEST = classText('CustomerIdentityTokenTest');
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** The input of a test vector. The constants with its name contain the expected header and claims. */
interface Vector {
  readonly name: string;
  readonly subject: string;
  readonly algorithm: string;
}

const VECTORS: readonly Vector[] = [
  { name: 'PLAIN', subject: readConstant(TOKEN_TEST, 'PLAIN_SUBJECT'), algorithm: 'RS256' },
  { name: 'UNUSUAL', subject: readConstant(TOKEN_TEST, 'UNUSUAL_SUBJECT'), algorithm: 'RS512' },
];

for (const { name, subject, algorithm } of VECTORS) {
  test(`the ${name.toLowerCase()} token of the Apex test equals the token of jose byte for byte`, async () => {
    const iat = Date.UTC(2026, 0, 1) / 1000;
    const claims = { iss: 'https://id.example.com', sub: subject, iat, exp: iat + 300, jti: 'token-1' };
    const header = { alg: algorithm, kid: 'sample-2026-a', typ: 'JWT' };
    const token = await new SignJWT(claims).setProtectedHeader(header).sign(privateKey);
    const [headerPart, claimsPart] = token.split('.');
    assert.equal(readConstant(TOKEN_TEST, `${name}_HEADER_PART`), headerPart);
    assert.equal(readConstant(TOKEN_TEST, `${name}_CLAIMS_PART`), claimsPart);
  });
}

test('jose verifies a token with the header and claims of the Apex test', async () => {
  const payload = base64url.decode(readConstant(TOKEN_TEST, 'PLAIN_CLAIMS_PART'));
  const header = JSON.parse(
    Buffer.from(base64url.decode(readConstant(TOKEN_TEST, 'PLAIN_HEADER_PART'))).toString(),
  ) as {
    readonly alg: string;
  };
  const token = await new CompactSign(payload).setProtectedHeader(header).sign(privateKey);
  const verified = await compactVerify(token, createPublicKey(privateKey));
  assert.deepEqual(verified.protectedHeader, { alg: 'RS256', kid: 'sample-2026-a', typ: 'JWT' });
});

test('each base64url vector of the Apex test equals the output of jose', () => {
  const text = classText('Base64UrlTest');
  const vectors = [...text.matchAll(/areEqual\('([^']*)', Base64Url\.encode\('([^']*)'\)/g)];
  const bytes = [
    ...text.matchAll(/areEqual\('([^']*)', Base64Url\.encode\(EncodingUtil\.convertFromHex\('([^']*)'\)\)/g),
  ];
  assert.ok(vectors.length >= 7 && bytes.length >= 3, 'the test vectors were not found');
  for (const [, expected, plain = ''] of vectors) assert.equal(expected, base64url.encode(plain));
  for (const [, expected, hex = ''] of bytes) assert.equal(expected, base64url.encode(Buffer.from(hex, 'hex')));
});

test('the Apex class writes the header and claims in the order of the test vectors', () => {
  const written = [...classText('CustomerIdentityToken').matchAll(/\.write(?:String|Number)Field\('(\w+)'/g)];
  assert.deepEqual(
    written.map(([, member]) => member),
    ['alg', 'kid', 'typ', 'iss', 'sub', 'iat', 'exp', 'jti'],
  );
});

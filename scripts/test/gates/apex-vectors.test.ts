/**
 * Nothing here runs Apex. What its tests expect stands in them as constants, the vectors; here jose makes the same tokens,
 * so that a real org that passes those tests makes what every other token maker makes.
 */
import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { base64url, compactVerify, CompactSign, SignJWT } from 'jose';
import { PROJECT } from './list-files';

const CLASSES = join(PROJECT, 'force-app/main/default/classes');

const classText = (name: string): string => readFileSync(join(CLASSES, `${name}.cls`), 'utf8');

/** The text of a constant of an Apex class; its pieces are joined as the compiler joins them. */
function readConstant(text: string, name: string): string {
  const value = new RegExp(`static final \\w+ ${name} =([^;]*);`).exec(text)?.[1] ?? assert.fail(`there is no ${name}`);
  return [...value.matchAll(/'((?:\\.|[^'])*)'/g)].map(([, piece = '']) => unescape(piece)).join('');
}

const unescape = (piece: string): string => piece.replace(/\\(.)/g, '$1');

const TOKEN_TEST = classText('CustomerIdentityTokenTest');
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** The vectors of one token: what goes in, and the two parts that come out. */
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
  test(`the ${name.toLowerCase()} token that the Apex test writes out is jose's, byte for byte`, async () => {
    const iat = Date.UTC(2026, 0, 1) / 1000;
    const claims = { iss: 'https://id.example.com', sub: subject, iat, exp: iat + 300, jti: 'token-1' };
    const header = { alg: algorithm, kid: 'sample-2026-a', typ: 'JWT' };
    const token = await new SignJWT(claims).setProtectedHeader(header).sign(privateKey);
    const [headerPart, claimsPart] = token.split('.');
    assert.equal(readConstant(TOKEN_TEST, `${name}_HEADER_PART`), headerPart);
    assert.equal(readConstant(TOKEN_TEST, `${name}_CLAIMS_PART`), claimsPart);
  });
}

test('a signature over the written-out parts makes a token that jose verifies', async () => {
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

test('each base64url vector of the Apex test is jose’s', () => {
  const text = classText('Base64UrlTest');
  const vectors = [...text.matchAll(/areEqual\('([^']*)', Base64Url\.encode\('([^']*)'\)/g)];
  const bytes = [
    ...text.matchAll(/areEqual\('([^']*)', Base64Url\.encode\(EncodingUtil\.convertFromHex\('([^']*)'\)\)/g),
  ];
  assert.ok(vectors.length >= 7 && bytes.length >= 3, 'the vectors are not where they were');
  for (const [, expected, plain = ''] of vectors) assert.equal(expected, base64url.encode(plain));
  for (const [, expected, hex = ''] of bytes) assert.equal(expected, base64url.encode(Buffer.from(hex, 'hex')));
});

test('the Apex class writes the members of the vectors, in their order', () => {
  const written = [...classText('CustomerIdentityToken').matchAll(/\.write(?:String|Number)Field\('(\w+)'/g)];
  assert.deepEqual(
    written.map(([, member]) => member),
    ['alg', 'kid', 'typ', 'iss', 'sub', 'iat', 'exp', 'jti'],
  );
});

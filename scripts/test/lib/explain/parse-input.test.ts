import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseInput } from '../../../lib/explain';

for (const [input, status] of [
  ['{"status":401}', 401],
  ['{"statusCode":304}', 304],
  ['{"status":400,"statusCode":500}', 400],
  ['{"status":"401"}', undefined],
  ['[{"status":401}]', undefined],
] as const)
  test(`the status of the JSON ${input} is ${String(status)}`, () => {
    assert.deepEqual(parseInput(input), { kind: 'JSON', ...(status !== undefined && { status }), text: input });
  });

const JWT = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJtZSJ9.c2lnbmF0dXJl';
const WORD = 'x'.repeat(31);

for (const [input, expected] of [
  // A token service that returns no JWT: any long word, or a word with a dot or an exclamation mark.
  [WORD, { kind: 'token', token: WORD, text: '' }],
  [WORD.slice(1), { kind: 'text', text: WORD.slice(1) }],
  ['a.b', { kind: 'token', token: 'a.b', text: '' }],
  ['00Dxx!AQ', { kind: 'token', token: '00Dxx!AQ', text: '' }],
  ['word', { kind: 'text', text: 'word' }],
  ['https://id.example.com/jwks.json', { kind: 'text', text: 'https://id.example.com/jwks.json' }],
  ['', { kind: 'text', text: '' }],
  // A token that a terminal or an email wrapped stays as it is, so that the whitespace is reported.
  [
    `${JWT.slice(0, 20)}\n ${JWT.slice(20)}`,
    { kind: 'token', token: `${JWT.slice(0, 20)}\n ${JWT.slice(20)}`, text: '' },
  ],
  [`${JWT}, please`, { kind: 'text', token: JWT, text: `${JWT}, please` }],
  ['eyJhbGciOiJSUzI1NiJ9 eyJ! ', { kind: 'text', text: 'eyJhbGciOiJSUzI1NiJ9 eyJ!' }],
  // Quotation marks and the name of the header are removed only around the token.
  [`Authorization:Bearer   ${JWT}`, { kind: 'token', token: JWT, text: '' }],
  [`AUTHORIZATION: bearer ${JWT}`, { kind: 'token', token: JWT, text: '' }],
  [`bearer ${JWT}`, { kind: 'token', token: JWT, text: '' }],
  [`'${JWT}'`, { kind: 'token', token: JWT, text: '' }],
  ['`a.b`', { kind: 'token', token: 'a.b', text: '' }],
  [`"${JWT}'`, { kind: 'token', token: `"${JWT}'`, text: '' }],
  [`x"${JWT}"`, { kind: 'token', token: `x"${JWT}"`, text: '' }],
  [`a bearer ${JWT}`, { kind: 'text', token: JWT, text: `a bearer ${JWT}` }],
  // The first word that has three parts.
  [`Not eyJhbGciOiJub25lIn0, but ${JWT}`, { kind: 'text', token: JWT, text: `Not eyJhbGciOiJub25lIn0, but ${JWT}` }],
] as const)
  test(`parses ${JSON.stringify(input.slice(0, 40))} as ${expected.kind}${'token' in expected ? ' with a token' : ''}`, () => {
    assert.deepEqual(parseInput(input), expected);
  });

for (const name of ['customerIdentityToken', 'identityToken', 'id_token', 'idToken', 'token', 'jwt', 'access_token'])
  test(`finds the token in the JSON member ${name}`, () => {
    const input = JSON.stringify({ [name]: ` ${JWT}\n` });
    assert.deepEqual(parseInput(input), { kind: 'JSON', token: JWT, text: input });
  });

test('finds a token in a JSON string, with whitespace around it', () => {
  const input = JSON.stringify(` ${JWT} `);
  assert.deepEqual(parseInput(input), { kind: 'JSON', token: JWT, text: input });
  assert.deepEqual(parseInput('"word"'), { kind: 'JSON', text: '"word"' });
});

test('finds the subject in an access token response of Salesforce', () => {
  const input = JSON.stringify({ accessToken: JWT, context: { endUser: { subject: 'v2/iamessage/AUTH/C/uid:me' } } });
  assert.deepEqual(parseInput(input), { kind: 'JSON', subject: 'v2/iamessage/AUTH/C/uid:me', text: input });
});

for (const [input, status] of [
  ['HTTP/1.1 401 Unauthorized', 401],
  ['HTTP/2  412', 412],
  ['<  HTTP/1.1 400 Bad Request', 400],
  ['<HTTP/1.1 400 Bad Request', 400],
  ['* Connected\n< HTTP/2 304\n', 304],
] as const)
  test(`reads the status of ${JSON.stringify(input)}`, () => {
    assert.deepEqual(parseInput(input), { kind: 'HTTP response', status, text: input.trim() });
  });

test('reads the body of an HTTP response after its headers', () => {
  const input = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n{"token":"${JWT}"}`;
  assert.deepEqual(parseInput(input), { kind: 'HTTP response', status: 200, token: JWT, text: input });
});

test('finds a token in the message of a response, but no access token of Salesforce', () => {
  const message = `HTTP/1.1 401 Unauthorized\n\n{"message":"refused ${JWT}"}`;
  assert.deepEqual(parseInput(message), { kind: 'HTTP response', status: 401, token: JWT, text: message });
  for (const body of [JSON.stringify({ accessToken: JWT }), `{"a":{"accessToken": "${JWT}"}}`])
    assert.equal(parseInput(`HTTP/1.1 200 OK\n\n${body}`).token, undefined);
});

test('a request line is no response', () => {
  assert.deepEqual(parseInput('GET /x HTTP/1.1 200'), { kind: 'text', text: 'GET /x HTTP/1.1 200' });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { EXIT, ToolError, type ErrorCode } from '../../../lib/errors';
import { parseResponse, reportResponse, retrieveResponse, submitResponse } from '../../../lib/sf/responses';
import { explainCliError } from '../../../lib/sf/explain-error';
import { LOGIN_REJECTIONS } from '../../../lib/sf/login-rejections';

const failure = (name: string, message: string, cause = ''): ToolError =>
  explainCliError(
    { name, message, cause, data: null },
    'dev',
    'deploy-failed',
    'Salesforce didn\'t accept the deploy to "dev".',
  );

test('a page in place of a response of the API is named as such, with the code of the call', () => {
  for (const [name, message] of [
    ['TypeError', "Cannot read properties of undefined (reading 'records')"],
    ['TypeError', 'response.records is not iterable'],
    ['SyntaxError', 'Unexpected token \'<\', "<!DOCTYPE "... is not valid JSON'],
  ] as const) {
    const { code, why, fix } = failure(name, message);
    assert.equal(code, 'deploy-failed');
    assert.match(why, /^The response was not the one of a Salesforce API\. A proxy, a login page,/);
    assert.match(fix, /sf org display --target-org dev/);
  }
});

test('a file that the CLI cannot use is named, with the reason and the fix', () => {
  const texts = (message: string): readonly string[] => {
    const { code, what, why, fix } = failure('Error', message);
    return [code, what, why, fix];
  };
  const what = 'Salesforce didn\'t accept the deploy to "dev".';
  assert.deepEqual(texts("EACCES: permission denied, open '/home/ci/.sfdx/alias.json'"), [
    ...['deploy-failed', what, "/home/ci/.sfdx/alias.json can't be used. You have no permission."],
    'Give your user access to the file and its folder, then run the command again.',
  ]);
  assert.deepEqual(texts("EROFS: read-only file system, access '/home/ci/.sfdx'"), [
    ...['deploy-failed', what, "/home/ci/.sfdx can't be used. The disk is read-only."],
    'Use a folder that you can write to, then run the command again.',
  ]);
  assert.deepEqual(texts('Invalid file permissions for secret file: /home/a b/.sfdx/key.json').slice(2), [
    'The sf CLI rejects /home/a b/.sfdx/key.json, because other users have access to this key of the login store.',
    'Allow only your user to use it: chmod 600 "/home/a b/.sfdx/key.json"',
  ]);
});

test('a page with a status of an error is named as such, with the status', () => {
  const { why, fix } = failure(
    'ERROR_HTTP_429',
    'HTTP response contains html content.\nCheck that the org exists and can be reached.\nHTTP status code: 429.\nSee `error.data` for the full html response.',
  );
  assert.match(why, /^The response, with the HTTP status code 429, was not the one of a Salesforce API\. A proxy/);
  assert.match(fix, /sf org display --target-org dev/);
});

/** Errors of the CLI, and the code that each one gets. */
const CLI_ERRORS: readonly (readonly [name: string, message: string, code: ErrorCode, cause?: string])[] = [
  ['NamedOrgNotFoundError', 'No authorization information found for dev.', 'login-missing'],
  ['NoDefaultEnvError', 'No default environment found.', 'login-missing'],
  ['AuthInfoCreationError', 'Must pass a username and/or OAuth options.', 'login-missing'],
  [
    'RefreshTokenAuthError',
    'Error authenticating with the refresh token due to: expired access/refresh token',
    'login-refused',
  ],
  ['JwtAuthError', 'Error authenticating with JWT config due to: invalid_grant', 'login-refused'],
  ['JwtGrantError', 'user has not approved this consumer', 'login-refused'],
  ['INVALID_SESSION_ID', 'Session expired or invalid', 'login-refused'],
  ['Error', 'INVALID_LOGIN: Invalid username, password, security token', 'login-refused'],
  ['AuthDecryptError', 'Failed to decipher auth data.', 'login-refused'],
  ['FetchError', 'request to http://localhost:1/ failed, reason: connect ECONNREFUSED 127.0.0.1:1', 'org-unreachable'],
  ['JwtAuthError', 'Error authenticating with JWT config due to: connect ECONNREFUSED 127.0.0.1:1', 'org-unreachable'],
  ['TypeError', 'fetch failed', 'org-unreachable', 'Error: getaddrinfo ENOTFOUND dev.example.com'],
  ['Error', 'getaddrinfo EAI_AGAIN dev.example.com', 'org-unreachable'],
  ['Error', 'read ECONNRESET', 'org-unreachable'],
  ['Error', 'socket hang up', 'org-unreachable'],
  ['Error', 'connect ETIMEDOUT 192.0.2.1:443', 'org-unreachable'],
  ['ERROR_HTTP_503', 'Service Unavailable', 'org-unreachable'],
  ['ERROR_HTTP_420', '<html></html>', 'org-unreachable'],
  ['SfError', 'The request failed.', 'org-unreachable', 'ConnectTimeoutError: UND_ERR_CONNECT_TIMEOUT'],
  ['SfError', 'Required fields are missing: [AuthorizationConfigId]', 'deploy-failed'],
  ['MALFORMED_QUERY', "unexpected token: 'FORM'", 'deploy-failed'],
  ['ERROR_HTTP_500', 'UNKNOWN_EXCEPTION', 'deploy-failed'],
  ['INSUFFICIENT_ACCESS', 'insufficient access rights on cross-reference id', 'deploy-failed'],
];

for (const [name, message, code, cause] of CLI_ERRORS) {
  test(`converts ${name}: "${message}" to ${code}`, () => {
    const error = failure(name, message, cause);
    assert.equal(error.code, code);
    assert.equal(error.exit, code === 'deploy-failed' ? EXIT.failed : EXIT.unreachable);
    for (const text of [error.what, error.why, error.fix]) assert.match(text, /\S/);
    if (code !== 'deploy-failed') assert.match(error.what, /"dev"/);
    assert.deepEqual(error.cause, { name, message, cause: cause ?? '', data: null });
  });
}

/** What `sf org login jwt` reports: one line for each login host that it tried. */
const jwtAttempts = (...lines: readonly string[]): ToolError =>
  failure('JwtGrantError', `JwtAuthError::Error authenticating with JWT.\nErrors encountered:\n${lines.join('\n')}`);

const AUDIENCE = 'audience is invalid  [audience=https://login.salesforce.com/ login=https://dev.example.com]';

/** Texts of Salesforce for a rejected login, and what they mean. */
const REJECTIONS: readonly (readonly [text: string, meaning: RegExp])[] = [
  ['External client app is not installed in this org', /no external client app.*refreshed/],
  ["user hasn't approved this consumer", /hasn't approved the app/],
  ['user is not admin approved to access this app', /limited to users that an admin approved/],
  ['ip restricted', /login IP ranges/],
  ['user is inactive', /inactive/],
  ['client identifier invalid', /no app with this client ID/],
  ['invalid assertion', /doesn't belong to the certificate/],
  ['invalid client credentials', /doesn't belong to the certificate/],
  ['assertion is expired', /clock/],
  ['secretOrPrivateKey must be an asymmetric key when using RS256', /can't sign/],
  ['a text that nobody has seen before', /isn't a known error/],
];

for (const [text, meaning] of REJECTIONS) {
  test(`passes on "${text}" with its meaning, whatever the other login hosts respond`, () => {
    for (const others of [[], [AUDIENCE], ['fetch failed'], [AUDIENCE, 'fetch failed', 'fetch failed']]) {
      const { code, exit, why, fix } = jwtAttempts(text, ...others);
      assert.deepEqual([code, exit], ['login-refused', EXIT.unreachable]);
      assert.ok(why.startsWith(`Salesforce responded "${text}". `), why);
      assert.match(why, meaning);
      assert.match(fix, /\S{3}/);
    }
  });
}

test('a page in the place of the response is a problem of the network, not of the login', () => {
  for (const page of ['<html><title>Maintenance</title></html>', `Unexpected token '<', "<html>" is not valid JSON`])
    assert.match(jwtAttempts(page, 'fetch failed').why, /returned a web page/);
});

test('an audience is reported only if no login host said anything else', () => {
  assert.match(jwtAttempts(AUDIENCE, AUDIENCE).why, /^Salesforce responded "audience is invalid"\. The instance URL/);
  assert.match(jwtAttempts(AUDIENCE, 'ip restricted').why, /^Salesforce responded "ip restricted"/);
});

test('a login host that can not be reached at all is a problem of the network', () => {
  for (const line of ['fetch failed', 'getaddrinfo ENOTFOUND dev.example.com', 'connect ECONNREFUSED 127.0.0.1:1'])
    assert.equal(jwtAttempts(line, 'fetch failed').code, 'org-unreachable', line);
});

test('a session that can not be renewed passes on the text of the CLI', () => {
  const { why } = failure('RefreshTokenAuthError', 'Error authenticating with the refresh token due to: expired token');
  assert.match(why, /^The CLI reports "Error authenticating .*: expired token"\. It expired, was revoked/);
});

test('each known rejection of a login has a source', () => {
  for (const { source, why, fix } of LOGIN_REJECTIONS)
    for (const text of [source, why, fix]) assert.match(text, /\S.{8}/);
});

test('a rejected submission has the cause and the fix of a known error', () => {
  const { why, fix } = failure('UNKNOWN_EXCEPTION', 'An unexpected error occurred. ErrorId: 1-2 (-3)');
  assert.match(why, /^An unexpected error occurred\. ErrorId: 1-2 \(-3\)\. An internal error of Salesforce\./);
  assert.match(fix, /^Wait a few minutes\..* Resume the run\.$/);
});

test('keeps the message of Salesforce, on one line', () => {
  const { what, why } = failure('SfError', ' First line.\n\n  Second line. ');
  assert.deepEqual([what, why], ['Salesforce didn\'t accept the deploy to "dev".', 'First line. Second line.']);
  assert.equal(failure('SomeError', ' \n').why, 'SomeError');
});

test('tells how to log in with the alias if the login is missing', () => {
  assert.match(failure('NamedOrgNotFoundError', '').fix, /sf org login web --alias dev/);
});

test('rejects a response with an unexpected shape and names the command', () => {
  const call = (): unknown => parseResponse(z.object({ id: z.string() }), { id: 7 }, 'project:deploy:start');
  assert.throws(call, (error) => {
    assert.ok(error instanceof ToolError && error.code === 'cli-bad-output');
    assert.match(error.what, /"sf project deploy start"/);
    assert.match(error.why, /id/);
    return true;
  });
  assert.deepEqual(parseResponse(z.object({ id: z.string() }), { id: 'a', more: 1 }, 'x'), { id: 'a' });
});

test('accepts the shapes that the CLI uses', () => {
  assert.throws(() => parseResponse(submitResponse, { id: '0Af' }, 'x'));
  assert.equal(parseResponse(submitResponse, { id: '0Af000000000001AAA', done: false }, 'x').id, '0Af000000000001AAA');
  const base = { id: '0Af000000000001AAA', status: 'Failed', done: true, success: false };
  const failed = { fullName: 'Web', componentType: 'MessagingChannel', problem: 'No.', lineNumber: '7' };
  const read = (componentFailures: unknown) =>
    parseResponse(reportResponse, { ...base, details: { componentFailures } }, 'x').details;
  for (const given of [failed, [failed]]) {
    assert.deepEqual(read(given).componentFailures, [{ ...failed, lineNumber: 7 }]);
  }
  assert.deepEqual(read(undefined).componentFailures, []);
  assert.deepEqual(parseResponse(reportResponse, base, 'x').details, { componentFailures: [], componentSuccesses: [] });
  const message = { fileName: 'unpackaged/package.xml', problem: 'Entity not found' };
  assert.deepEqual(parseResponse(retrieveResponse, { messages: message }, 'x').messages, [message]);
  assert.deepEqual(parseResponse(retrieveResponse, {}, 'x').messages, []);
});

test('removes session IDs from the message and shortens it', () => {
  const session = '00D000000000001!AQ.abc_DEF.ghi';
  const page = `<html> Authorization: Bearer ${session}\n sid=${session} ${'x'.repeat(100_000)}`;
  const { why } = failure('ERROR_HTTP_407', page);
  assert.doesNotMatch(why, /AQ\.|\n/);
  assert.match(why, /^<html> Authorization: \[session\] sid=\[session\] x+ \.\.\.$/);
  assert.ok(why.length < 1_100);
});

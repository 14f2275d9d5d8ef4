import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { parseInput, KNOWN_ERRORS, findKnownErrors } from '../../../lib/explain';
import { assertFix } from './fix-text';

/** Pasted texts and the known errors that they contain. */
const PASTED: readonly (readonly [text: string, ...names: readonly string[]])[] = [
  ['{"message":"User verification configuration has no active AuthSchemes."}', 'no-active-configuration'],
  [
    'HTTP/1.1 400 Bad Request\n\n{"code":"BAD_REQUEST","message":"Set the auth mode to false."}',
    'guest-on-verified-channel',
  ],
  ['> GET /eventrouter/v1/sse HTTP/1.1\n< HTTP/1.1 401 Unauthorized\n', 'events-refused'],
  ['> GET /eventrouter/v1/sse HTTP/1.1\n< HTTP/2 400\n', 'header-missing'],
  ['{"accessToken":"x","context":{"endUser":{"subject":"v2/iamessage/ANON/4711"}}}', 'guest-subject'],
  ['MessagingPlatformKey v2/iamessage/UNAUTH/NA/uid:4711', 'guest-subject'],
  ['{"accessToken":"x","context":{"endUser":{"subject":"v2/iamessage/AUTH/Customer/uid:me"}}}', 'verified-subject'],
  ['HTTP/1.1 412 Precondition Failed\n\n{"text":"Embedded Messaging Config is not Published"}', 'not-published'],
  [`-----BEGIN ${'PRIVATE'} KEY-----\nMIIE`, 'private-key'],
  [`Set the esDeveloperName to a deploymentType that's set to api`, 'deployment-type'],
  ['412 Conversation Precondition failed', 'precondition-failed'],
  ['Specify the conversationId in UUID format.', 'conversation-id'],
  ['Agents are not available. Try again later.', 'no-agents'],
  ['[bootstrap] Invalid identity token passed into the setIdentityToken method.', 'token-not-usable'],
  [
    'Invalid identity token parameter passed into the setIdentityToken method. Specify a valid object containing the token data.',
    'token-parameter',
  ],
  ['Unsupported identity token. Only JWT-based identity tokens are supported.', 'token-parameter'],
  [`Method can't be invoked before the onEmbeddedMessagingReady event is fired.`, 'token-set-too-early'],
  [`User Verification isn't enabled in Messaging Settings.`, 'verification-off'],
  ['Invalid user verification authentication mode: UnAuth', 'verification-off'],
  [
    `Can't call showChatButton for a verified user before calling the setIdentity method with a valid token.`,
    'button-hidden',
  ],
  ['onEmbeddedMessagingIdentityTokenExpired\n'.repeat(4), 'token-storm', 'session-cleared'],
  ['onEmbeddedMessagingTokenExpired\n'.repeat(3), 'session-cleared'],
  ['Something went wrong. Log in again to continue your messaging conversation.', 'session-cleared'],
  ['HTTP/1.1 304 Not Modified\nETag: "x"\n', 'stale-token'],
  ['Safari: too many redirects', 'too-many-redirects'],
  ['Required fields are missing: [AuthorizationConfigId]', 'keyset-missing'],
  ['TypeInferenceError: ... Could not infer a metadata type', 'suffix-case'],
  [`'Jwks' is not a valid value for the enum 'PublicKeyCertificateSetType'`, 'keyset-type'],
  [`You can't configure JWKS_URL when the key type selected is JWKS_KEY.`, 'keyset-both'],
  [`You can't enable Session-Based Chat for verified users`, 'session-based-chat'],
  [
    'POST /services/data/v62.0/connect/embeddedservice/embeddedserviceconfig/publish/0Xx\nHTTP/1.1 404 Not Found\n',
    'publish-not-found',
  ],
  ['/connect/embeddedservice/embeddedserviceconfig/publish/0Xx\n[{"errorCode":"NOT_FOUND"}]', 'publish-not-found'],
  [
    "Access to fetch at 'https://acme.my.salesforce-scrt.com/iamessage/api/v2/x' from origin 'https://www.acme.com' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.",
    'cors-salesforce',
  ],
  [
    'www.acme.com/:1 Access to XMLHttpRequest at https://acme.my.site.com/ESWWeb from origin https://www.acme.com has been blocked by CORS policy',
    'cors-salesforce',
  ],
  [
    "Access to fetch at 'https://api.acme.com/chat/token' from origin 'https://acme.my.site.com' has been blocked by CORS policy: Response to preflight request doesn't pass access control check",
    'cors-token-endpoint',
  ],
  [
    'Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at https://api.acme.com/token. (Reason: CORS header missing).',
    'cors-token-endpoint',
  ],
  ['Fetch API cannot load https://acme.my.salesforce-scrt.com/x due to access control checks.', 'cors-salesforce'],
  [
    'Origin https://www.acme.com is not allowed by Access-Control-Allow-Origin. Status code: 403',
    'cors-token-endpoint',
  ],
  [
    `Refused to load the script 'https://acme.my.site.com/ESWWeb/assets/js/bootstrap.min.js' because it violates the following Content Security Policy directive: "script-src 'self'".`,
    'csp-page',
  ],
  [
    `Connecting to 'https://acme.my.salesforce-scrt.com/' violates the following Content Security Policy directive: "connect-src 'self'". The action has been blocked.`,
    'csp-page',
  ],
  [
    "Content-Security-Policy: The page’s settings blocked a script (script-src-elem) at https://acme.my.site.com/x from being executed because it violates the following directive: “script-src 'self'”",
    'csp-page',
  ],
  [
    'Refused to connect to https://acme.my.salesforce-scrt.com/x because it appears in neither the connect-src directive nor the default-src directive of the Content Security Policy.',
    'csp-page',
  ],
  [
    `Refused to frame 'https://acme.my.site.com/' because an ancestor violates the following Content Security Policy directive: "frame-ancestors 'self'".`,
    'csp-frame',
  ],
  [
    `Refused to display 'https://acme.my.site.com/' in a frame because it set 'X-Frame-Options' to 'sameorigin'.`,
    'csp-frame',
  ],
  ['Missing required Agentforce Service Agent', 'agent-missing'],
  ['DUPLICATE_DEVELOPER_NAME: Name already in use', 'duplicate-name'],
  [
    'messagingChannels/Web.messagingChannel: duplicate value found: DeveloperName duplicates value on record',
    'duplicate-name',
  ],
  ['Deploy job 0Af000000000001 was canceled.', 'deploy-canceled'],
  ['{"status":"Canceled","done":true}', 'deploy-canceled'],
  ['Status: Canceled', 'deploy-canceled'],
  [
    'UNKNOWN_EXCEPTION: An unexpected error occurred. Please include this ErrorId if you contact support: 1-2 (-3)',
    'salesforce-fault',
  ],
  ['HTTP/1.1 404 Not Found\n'],
  ['POST /connect/embeddedservice/embeddedserviceconfig/publish/0Xx\nHTTP/1.1 200 OK\n'],
  ['The checkbox "Add User Verification" is missing', 'checkbox-missing'],
  ['something else entirely'],
];

describe('a pasted text', () => {
  for (const [text, ...names] of PASTED) {
    test(`matches ${names.join(' and ') || 'no known error'}: ${text.slice(0, 60).replace(/\s+/g, ' ')}`, () => {
      assert.deepEqual(
        findKnownErrors(parseInput(text)).map(({ name }) => name),
        names,
      );
    });
  }

  test('matches every known error at least once, and each has a cause, a fix and a source', () => {
    const shown = new Set(PASTED.flatMap(([, ...names]) => names));
    assert.deepEqual(
      KNOWN_ERRORS.map(({ name }) => name).filter((name) => !shown.has(name)),
      [],
    );
    for (const { cause, fix, source } of KNOWN_ERRORS) {
      assert.ok(cause.length > 20);
      assertFix(fix);
      assert.ok(source.split('; ').every((each) => each.length > 5));
    }
  });
});

describe('the token in', () => {
  const accessToken = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJtZSJ9.c2lnbmF0dXJl';
  for (const [what, text] of [
    ['plain text', accessToken],
    ['quotes', ` "${accessToken}" \n`],
    ['a header', `Authorization: Bearer ${accessToken}`],
    ['a request', JSON.stringify({ orgId: 'x', customerIdentityToken: accessToken })],
    ['a response of a token service', JSON.stringify({ access_token: accessToken, token_type: 'Bearer' })],
    ['a JSON string', JSON.stringify(accessToken)],
    ['a sentence', `The token ${accessToken} was refused`],
    ['an HTTP response', `HTTP/1.1 200 OK\n\n{"token":"${accessToken}"}`],
  ] as const) {
    test(`${what} is found`, () => assert.equal(parseInput(text).token, accessToken));
  }

  test('does not read a Salesforce access token as an identity token', () => {
    assert.equal(parseInput(JSON.stringify({ accessToken, context: {} })).token, undefined);
  });

  test('never throws for any text', () => {
    fc.assert(fc.property(fc.string(), (text) => void findKnownErrors(parseInput(text))));
    fc.assert(fc.property(fc.jsonValue(), (value) => void findKnownErrors(parseInput(JSON.stringify(value)))));
  });
});

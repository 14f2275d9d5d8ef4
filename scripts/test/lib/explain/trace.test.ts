import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { firstFailure, traceChannel, traceToken, verifiedChannels, type OrgView } from '../../../lib/explain';
import { readJwks } from '../../../lib/jwk';
import { readToken } from '../../../lib/token';
import { mapOf, type Component } from '../../../lib/model';
import { assertFix } from './fix-text';
import { DAY_MS, keyPair, NOW, publicJwk } from '../jwk/test-keys';
import {
  authorization,
  channel,
  chatDeployment,
  component,
  endpointKeyset,
  ISSUER,
  JWKS_URL,
  key,
  keyset,
  NOW_SECONDS,
  orgView,
  token,
} from './test-org';

const webChat = ({ components }: OrgView): Component =>
  components.get('MessagingChannel:Web_Chat') ?? assert.fail('no channel');

const trace = (view: OrgView, text = token(), now = NOW) => traceToken(view, webChat(view), readToken(text), now);

/** The failed step as "step: detail", or "-". */
const failureOf = (view: OrgView, text?: string, now?: Date): string => describeFailure(trace(view, text, now));

const channelFailureOf = (view: OrgView): string => describeFailure(traceChannel(view, webChat(view), NOW));

function describeFailure(trace: ReturnType<typeof traceChannel>): string {
  const failure = firstFailure(trace);
  if (failure) assertFix(failure.fix);
  return failure ? `${failure.link}: ${failure.detail}` : '-';
}

test('every step of a valid token passes, in the documented order', async () => {
  const { channel: name, steps } = trace(await orgView());
  assert.equal(name, 'Web_Chat');
  assert.deepEqual(
    steps.map(({ link, state }) => `${link} ${state}`),
    [
      ...[
        'well-formed',
        'kind',
        'algorithm',
        'claims',
        'kid',
        'key',
        'key-active',
        'key-fit',
        'keyset',
        'issuer',
        'times',
      ],
      ...['signature', 'configuration', 'enabled', 'subject', 'mode', 'channel', 'deployment', 'published'],
    ].map((step) => `${step} passed`),
  );
  assert.deepEqual(
    steps.slice(1).map(({ detail }) => detail),
    [
      ...[
        'a signed token',
        'RS256',
        'sub "customer-1", iss "https://id.example.com"',
        'key-1',
        'Web_2026',
        'active',
        'usable',
      ],
      ...['Customer_Identity', '"https://id.example.com"', 'valid for 5 minutes', 'Web_2026', 'Customer', 'Customer'],
      ...['v2/iamessage/AUTH/Customer/uid:customer-1', 'Auth', 'active', 'Web_Chat', 'Web_Chat'],
    ],
  );
});

test('the trace ends at the first failed step', async () => {
  const { steps } = trace(await orgView(), token({ iss: 'https://other.example.com', exp: 1 }));
  assert.deepEqual(steps.at(-1)?.link, 'issuer');
  assert.equal(steps.filter(({ state }) => state === 'failed').length, 1);
});

describe('a token fails at', () => {
  const rawPart = (text: string): string => Buffer.from(text).toString('base64url');
  const part = (value: unknown): string => rawPart(JSON.stringify(value));
  const [, claimsPart = '', signaturePart = ''] = token().split('.');
  const withHeader = (header: object): string => `${part(header)}.${claimsPart}.${signaturePart}`;
  const cases: readonly (readonly [name: string, text: string, failure: RegExp])[] = [
    ['well-formed if it has two parts', 'a.b', /^well-formed: /],
    ['algorithm if it is unsigned', withHeader({ alg: 'none', kid: 'key-1' }), /^algorithm: .*isn't signed/],
    ['algorithm for a shared secret', withHeader({ alg: 'HS256', kid: 'key-1' }), /^algorithm: .*secret \(HS256\)/],
    [
      'algorithm for ES256',
      withHeader({ alg: 'ES256', kid: 'key-1' }),
      /^algorithm: .*alg ES256\. .*RS256 and RS512 only/,
    ],
    ['algorithm without alg', withHeader({ kid: 'key-1' }), /^algorithm: .*alg missing/],
    [
      'algorithm without repeating a long alg',
      withHeader({ alg: 'x'.repeat(17) }),
      /^algorithm: .*alg of an unknown form/,
    ],
    ['kid without a kid', withHeader({ alg: 'RS256' }), /^kid: /],
    ['kid for an empty kid', token({}, { kid: '' }), /^kid: /],
    ['claims without sub', token({ sub: undefined }), /^claims: sub: missing/],
    ['claims for an empty sub and iss', token({ sub: '', iss: '' }), /^claims: sub and iss: missing/],
    ['claims for a sub that is a number', token({ sub: 7 }), /^claims: sub: missing, empty, or not a string/],
    ['claims without exp', token({ exp: undefined }), /^claims: exp is missing or not a number/],
    [
      'claims for an exp in quotes',
      token({ exp: String(NOW_SECONDS + 60) }),
      /^claims: exp is missing or not a number/,
    ],
    ['claims for an exp in milliseconds', token({ exp: NOW.getTime() }), /^claims: exp is in milliseconds/],
    ['claims for an exp that is a duration', token({ exp: 3600 }), /^claims: exp is 3600, .* a duration/],
    ['claims for an nbf in milliseconds', token({ nbf: NOW.getTime() }), /^claims: nbf is in milliseconds/],
    [
      'well-formed for an opaque token',
      'KBSxkmG-OcpA6-cgZk3hQ1aYc2v9xQ0d',
      /^well-formed: The text isn't a JWT.*opaque access token/,
    ],
    ['well-formed for a token of Google', `ya29.${'a'.repeat(60)}`, /^well-formed: .*opaque access token/],
    ['well-formed for a short word', 'abc', /^well-formed: .*isn't a JWT/],
    ['well-formed for an encrypted token', 'eyJh.a.b.c.d', /^well-formed: The token is encrypted \(JWE/],
    [
      'well-formed for an encrypted token without a key',
      'eyJhbGciOiJkaXIifQ..iv.text.tag',
      /^well-formed: .*encrypted/,
    ],
    [
      'well-formed for duplicate claims',
      `${part({ alg: 'RS256', kid: 'key-1' })}.${rawPart('{"sub":"a","sub":"b"}')}.${signaturePart}`,
      /^well-formed: A member of the claims occurs twice/,
    ],
    [
      'well-formed for a duplicate kid',
      `${rawPart('{"alg":"RS256","kid":"a","kid":"key-1"}')}.${claimsPart}.${signaturePart}`,
      /^well-formed: A member of the header occurs twice/,
    ],
    [
      'well-formed for duplicates in both parts',
      `${rawPart('{"alg":"RS256","alg":"RS256"}')}.${rawPart('{"a":1,"a":1}')}.${signaturePart}`,
      /^well-formed: A member of the header and of the claims/,
    ],
    ['kind for a token of Graph by its aud', token({ aud: 'https://graph.microsoft.com' }), /^kind: .*Microsoft Graph/],
    [
      'kind for a token of Graph by the ID of Graph',
      token({ aud: '00000003-0000-0000-c000-000000000000' }),
      /^kind: .*Microsoft Graph/,
    ],
    [
      'kind for a token of Entra ID with a nonce in its header',
      `${part({ alg: 'RS256', kid: 'key-1', nonce: 'x' })}.${part({ iss: 'https://sts.windows.net/tenant/' })}.${signaturePart}`,
      /^kind: .*Microsoft Graph/,
    ],
    ['kind for a refresh token of Keycloak', token({ typ: 'Refresh' }), /^kind: .*refresh token of Keycloak/],
    ['kind for a logout token', withHeader({ alg: 'RS256', kid: 'key-1', typ: 'logout+jwt' }), /^kind: .*logout token/],
    [
      'kind for an access token of the Okta org server',
      token({ iss: 'https://dev-1.okta.com', cid: 'x', scp: ['openid'] }),
      /^kind: .*Okta org authorization server/,
    ],
    [
      'kind for critical extensions',
      withHeader({ alg: 'RS256', kid: 'key-1', crit: ['b64'], b64: false }),
      /^kind: .*\(crit: b64\)/,
    ],
    [
      'kind for a crit that is no list',
      withHeader({ alg: 'RS256', kid: 'key-1', crit: 'b64' }),
      /^kind: .*not a list of names/,
    ],
    ['claims for an access token', token({ channelAddId: 'x' }), /^claims: This is an access token/],
    [
      'key for an unknown kid',
      token({}, { kid: 'other' }),
      /^key: No key has the kid "other"\. Existing kids: "key-1"\.$/,
    ],
    ['key for a kid with a space', token({}, { kid: ' key-1 ' }), /^key: .*The kid "key-1" exists; it differs/],
    ['key for a kid in uppercase', token({}, { kid: 'KEY-1' }), /^key: .*The kid "key-1" exists; it differs/],
    [
      'issuer for an additional slash',
      token({ iss: `${ISSUER}/` }),
      /^issuer: The keyset Customer_Identity has .*slash/,
    ],
    ['times at the second of exp', token({ exp: NOW_SECONDS }), /^times: The token expired 0 seconds before/],
    [
      'times 1 second after exp',
      token({ exp: NOW_SECONDS - 1 }),
      /^times: The token expired 1 second before 2026-10-01/,
    ],
    ['times 2 minutes after exp', token({ exp: NOW_SECONDS - 120 }), /expired 2 minutes before/],
    ['times 2 hours after exp', token({ exp: NOW_SECONDS - 7200 }), /expired 2 hours before/],
    ['times 47 hours after exp', token({ exp: NOW_SECONDS - 47 * 3600 }), /expired 47 hours before/],
    ['times 2 days after exp', token({ exp: NOW_SECONDS - 2 * 86_400 }), /expired 2 days before/],
    ['times 1 second before nbf', token({ nbf: NOW_SECONDS + 1 }), /^times: The token becomes valid 1 second after/],
    [
      'signature for another private key',
      token({}, {}, keyPair('other').privateKey),
      /^signature: .*wasn't made with Web_2026/,
    ],
    ['signature if it is truncated', token().slice(0, -40), /^signature: The signature is shorter/],
    [
      'signature for an alg other than that of the key',
      token({}, { alg: 'RS512' }),
      /^signature: .*RS512, but Web_2026 is declared for RS256/,
    ],
    [
      'subject for a subject of 256 characters',
      token({ sub: 'x'.repeat(225) }),
      /^subject: The sub has 225 characters/,
    ],
  ];
  for (const [name, text, failure] of cases)
    test(name, async () => assert.match(failureOf(await orgView(), text), failure));
});

test('the advice for an ID token is about the keyset, because nobody can change the token', async () => {
  for (const [text, link, fix] of [
    [token({ nonce: 'x' }, { kid: 'other' }), 'key', /^Trust the keys of the provider: use a keyset of type JWKS_URL/],
    [token({ nonce: 'x', iss: 'https://other.example.com' }), 'issuer', /^Change jwtIssuer of Customer_Identity/],
    [token({ azp: 'x' }, {}, keyPair('other').privateKey), 'signature', /^Compare the JWKS URL .*jwks_uri/],
  ] as const) {
    const failure = firstFailure(trace(await orgView(), text));
    assert.equal(failure?.link, link);
    assert.match(failure.fix, fix);
    assert.doesNotMatch(failure.fix, /Sign with|iss in the token service/);
  }
});

describe('a token passes', () => {
  test('with a subject of exactly 255 characters', async () =>
    assert.equal(failureOf(await orgView(), token({ sub: 'x'.repeat(224) })), '-'));

  test('from the second of nbf on, until the second before exp', async () => {
    const text = token({ nbf: NOW_SECONDS, exp: NOW_SECONDS + 60 });
    const view = await orgView();
    assert.equal(failureOf(view, text, new Date(NOW.getTime() - 1)).split(':')[0], 'times');
    assert.equal(failureOf(view, text, NOW), '-');
    assert.equal(failureOf(view, text, new Date(NOW.getTime() + 59_999)), '-');
    assert.equal(failureOf(view, text, new Date(NOW.getTime() + 60_000)).split(':')[0], 'times');
  });

  test('with RS512 if its key declares no alg', async () => {
    const { alg: _, ...jwk } = await publicJwk();
    const view = await orgView([endpointKeyset('Customer_Identity')], {
      endpoints: new Map([[JWKS_URL, readJwks(JSON.stringify({ keys: [jwk] }), NOW)]]),
    });
    assert.equal(failureOf(view, token({}, { alg: 'RS512' })), '-');
  });
});

describe('a step is inconclusive', () => {
  const stateOf = (view: OrgView, step: string, text?: string) =>
    trace(view, text).steps.find(({ link }) => link === step)?.state;

  const detailOf = (view: OrgView, step: string, text?: string) =>
    trace(view, text).steps.find(({ link }) => link === step)?.detail;

  test('for an aud, which Salesforce does not document', async () => {
    assert.equal(stateOf(await orgView(), 'claims', token({ aud: 'x' })), 'inconclusive');
    assert.match(detailOf(await orgView(), 'claims', token({ aud: 'x' })) ?? '', /^The token has an aud\./);
  });

  test('for the aud of an ID token, which can not be removed', async () => {
    for (const [claims, detail] of [
      [{ aud: 'client-1', nonce: 'x' }, /ID token of the client client-1 \(aud\)\. Check that/],
      [{ aud: ['client-1', 'api'], azp: 'client-1' }, /client-1, api \(aud\)\. Check that/],
      [{ aud: 'client-1', azp: 'client-2' }, /issued to another client \(azp: client-2\)/],
      [{ aud: 'client-1', token_use: 'id' }, /ID token of the client client-1/],
      [{ aud: 'client-1', typ: 'ID' }, /ID token of the client client-1/],
    ] as const) {
      const text = detailOf(await orgView(), 'claims', token(claims)) ?? '';
      assert.match(text, detail);
      assert.doesNotMatch(text, /Omit/);
    }
  });

  test('for a lifetime of a year', async () => {
    const text = token({ exp: NOW_SECONDS + 365 * 86_400 });
    assert.equal(stateOf(await orgView(), 'times', text), 'inconclusive');
    assert.match(detailOf(await orgView(), 'times', text) ?? '', /^The token is valid for 365 days\./);
    assert.equal(stateOf(await orgView(), 'times', token({ exp: NOW_SECONDS + 7 * 86_400 })), 'passed');
  });

  test('for a token that was issued in the future', async () => {
    assert.equal(stateOf(await orgView(), 'times', token({ iat: NOW_SECONDS + 1 })), 'inconclusive');
    assert.equal(stateOf(await orgView(), 'times', token({ iat: NOW_SECONDS })), 'passed');
    assert.equal(stateOf(await orgView(), 'times', token({ iat: undefined })), 'passed');
    assert.match(
      detailOf(await orgView(), 'times', token({ iat: NOW_SECONDS + 90 })) ?? '',
      /^The token was issued 90 seconds after 2026-10-01T12:00:00\.000Z\./,
    );
  });

  test('for an endpoint that was not read: key, keyset and signature', async () => {
    const view = await orgView([endpointKeyset('Customer_Identity')]);
    const text = token({}, { kid: 'at-the-endpoint' });
    assert.deepEqual(
      ['key', 'keyset', 'signature'].map((step) => stateOf(view, step, text)),
      ['inconclusive', 'inconclusive', 'inconclusive'],
    );
    assert.equal(firstFailure(trace(view, text)), undefined);
    assert.deepEqual(
      ['key', 'keyset', 'signature'].map((step) => detailOf(view, step, text)),
      [
        `No uploaded key has the kid. The keys at ${JWKS_URL} were not read.`,
        'Customer_Identity',
        'The endpoint with the key was not read.',
      ],
    );
  });

  test('for the channel status and the published settings of source', async () => {
    const { active: _active, published: _published, ...source } = await orgView();
    assert.equal(stateOf(source, 'channel'), 'inconclusive');
    assert.equal(stateOf(source, 'published'), 'inconclusive');
    assert.deepEqual(
      [detailOf(source, 'channel'), detailOf(source, 'published')],
      ["Source doesn't contain the channel status.", "Source doesn't contain the published settings."],
    );
  });
});

describe('a valid token fails at', () => {
  const expired = { notBefore: new Date(NOW.getTime() - 2 * DAY_MS), notAfter: new Date(NOW.getTime() - DAY_MS) };
  const cases: readonly (readonly [name: string, change: () => Promise<Component> | Component, failure: RegExp])[] = [
    [
      'key-active for an inactive key',
      async () => key('Web_2026', await publicJwk(), 'false'),
      /^key-active: Not active: Web_2026\. Without isActive, a key is inactive\./,
    ],
    [
      'key-fit for an expired certificate',
      async () => key('Web_2026', await publicJwk(keyPair(), expired)),
      /^key-fit: Web_2026: /,
    ],
    ['key for a JWK that is not JSON', () => key('Web_2026', '{"kid": "key-1"'), /^key: .*Existing kids: none/],
    [
      'keyset for a keyset without the key',
      () => keyset('Customer_Identity', []),
      /^keyset: No keyset contains Web_2026/,
    ],
    [
      'issuer for another issuer',
      () => keyset('Customer_Identity', ['Web_2026'], 'https://ID.example.com'),
      /^issuer: /,
    ],
    [
      'configuration for another keyset',
      () => channel('Web_Chat', { messagingAuthorizations: [authorization({ publicKeyCertificateSetName: 'Other' })] }),
      /^configuration: .*uses the keyset Customer_Identity\. The channel uses: Other\./,
    ],
    [
      'configuration for none',
      () => channel('Web_Chat', { messagingAuthorizations: [] }),
      /^configuration: .*The channel uses: none\./,
    ],
    [
      'enabled for an inactive configuration',
      () => channel('Web_Chat', { messagingAuthorizations: [authorization({ enabled: 'false' })] }),
      /^enabled: The user verification configuration Customer of Web_Chat isn't active/,
    ],
    [
      'keyset, with the keys that an endpoint keyset has instead',
      () => endpointKeyset('Customer_Identity'),
      /^keyset: No keyset contains Web_2026\. Customer_Identity fetches its keys from https:\/\/id\.example\.com\/jwks\.json: It was not read\.$/,
    ],
    [
      'mode if no mode is declared',
      () =>
        component('MessagingChannel', 'Web_Chat', { embeddedConfig: { messagingAuthorizations: [authorization()] } }),
      /^mode: .*\(no authMode\)/,
    ],
    ['mode if verification is off', () => channel('Web_Chat', { authMode: 'UnAuth' }), /^mode: .*authMode UnAuth/],
    [
      'deployment if it is off',
      () => chatDeployment('Web_Chat', 'Web_Chat', { isEnabled: 'false' }),
      /^deployment: The chat deployment Web_Chat is off/,
    ],
    [
      'deployment if its channel is off',
      () =>
        chatDeployment('Web_Chat', 'Web_Chat', {
          embeddedServiceMessagingChannel: { isEnabled: 'false', messagingChannel: 'Web_Chat' },
        }),
      /^deployment: The chat deployment Web_Chat is off/,
    ],
    [
      'deployment if none serves the channel',
      () => chatDeployment('Web_Chat', 'Other'),
      /^deployment: No chat deployment serves Web_Chat/,
    ],
  ];
  for (const [name, change, failure] of cases)
    test(name, async () => assert.match(failureOf(await orgView([await change()])), failure));

  test('channel for an inactive channel', async () => {
    const view = await orgView([], { active: new Set(['Other']) });
    assert.match(failureOf(view), /^channel: The channel Web_Chat isn't active/);
    assert.equal(
      firstFailure(trace(view))?.fix,
      'Run npm run deploy -- --org uat. It activates the channel unless the org file lists it under "inactive".',
    );
  });

  test('published for settings without verification, and for a chat deployment that is not published', async () => {
    for (const [settings, detail] of [
      [{ authMode: 'UnAuth' }, 'Web_Chat: It is published with authMode UnAuth.'],
      [{ problem: "It isn't published (412).", state: 'unpublished' }, "Web_Chat: It isn't published (412)."],
    ] as const) {
      const view = await orgView([], { published: new Map([['Web_Chat', settings]]) });
      assert.equal(failureOf(view), `published: ${detail} Clients use the settings that were last published.`);
    }
  });

  test('nothing if the published settings were not read', async () => {
    for (const [settings, detail] of [
      [{ problem: 'No response.', state: 'unreachable' }, 'No response.'],
      [{ problem: "The response isn't JSON.", state: 'unreadable' }, "The response isn't JSON."],
      [undefined, 'Its published settings were not read.'],
    ] as const) {
      const view = await orgView([], { published: new Map(settings ? [['Web_Chat', settings]] : []) });
      const { steps } = trace(view);
      const step = steps.find(({ link }) => link === 'published');
      assert.deepEqual(
        [firstFailure(trace(view)), step?.state, step?.detail],
        [undefined, 'inconclusive', `Web_Chat: ${detail} So it isn't known what clients use.`],
      );
    }
  });

  test('key, with the problem of the endpoint, if the endpoint serves none', async () => {
    const view = await orgView([endpointKeyset('Customer_Identity')], {
      endpoints: new Map([[JWKS_URL, { problem: 'It responds with 503.' }]]),
    });
    const text = token({}, { kid: 'at-the-endpoint' });
    assert.match(failureOf(view, text), /^key: .*An endpoint serves no keys\. .*jwks\.json: It responds with 503\.$/);
    assert.match(firstFailure(trace(view, text))?.fix ?? '', /curl -i https:\/\/id\.example\.com\/jwks\.json/);
  });
});

describe('a key at an endpoint', () => {
  const served = async (pair = keyPair()) => {
    const jwk = await publicJwk(pair);
    return {
      endpoints: new Map([[JWKS_URL, readJwks(JSON.stringify({ keys: [jwk] }), NOW)]]),
    };
  };

  test('verifies tokens of its keyset', async () => {
    const view = await orgView([endpointKeyset('Customer_Identity')], await served());
    assert.equal(failureOf(view), '-');
    assert.equal(channelFailureOf(view), '-');
  });

  test('does not verify tokens if it is for encryption, and does so if another key has its kid', async () => {
    const jwk = { ...(await publicJwk()), kid: 'served' };
    const text = token({}, { kid: 'served' });
    const withKeys = (...keys: readonly object[]) =>
      orgView([endpointKeyset('Customer_Identity')], {
        endpoints: new Map([[JWKS_URL, readJwks(JSON.stringify({ keys }), NOW)]]),
      });
    const enc = { ...jwk, use: 'enc', alg: 'RSA-OAEP' };
    const view = await withKeys(enc);
    assert.match(failureOf(view, text), /^key-fit: .*use is enc/);
    assert.match(
      firstFailure(trace(view, text))?.fix ?? '',
      /^Sign with a usable key of the endpoint\. .*check-endpoint/,
    );
    assert.equal(failureOf(await withKeys(enc, jwk), text), '-');
    assert.equal(failureOf(await withKeys({ ...jwk, alg: 'RS512' }, jwk), text), '-');
  });

  test('does not verify tokens of another keyset', async () => {
    const view = await orgView([endpointKeyset('Other'), keyset('Customer_Identity', [])], await served());
    assert.match(failureOf(view), /^configuration: /);
  });

  test('fails the signature if it is another key under the kid', async () => {
    const view = await orgView([endpointKeyset('Customer_Identity')], await served(keyPair('other')));
    assert.match(failureOf(view), /^signature: /);
  });
});

describe('a channel without a token', () => {
  test('passes each step that needs no token', async () => {
    const view = await orgView();
    const { steps } = traceChannel(view, webChat(view), NOW);
    assert.deepEqual(
      steps.map(({ detail }) => detail),
      ['Customer', 'Customer', 'Customer_Identity', 'Auth', 'active', 'Web_Chat', 'Web_Chat'],
    );
    assert.deepEqual(
      steps.map(({ link, state }) => `${link} ${state}`),
      ['configuration', 'enabled', 'keyset-keys', 'mode', 'channel', 'deployment', 'published'].map(
        (step) => `${step} passed`,
      ),
    );
  });

  test('fails at keyset-keys without an active, usable key', async () => {
    const { x5c: _, ...withoutCertificate } = await publicJwk();
    assert.match(
      channelFailureOf(await orgView([key('Web_2026', await publicJwk(), 'false')])),
      /^keyset-keys: Customer_Identity has no usable key\. Web_2026: It isn't active\.$/,
    );
    assert.match(channelFailureOf(await orgView([key('Web_2026', withoutCertificate)])), /^keyset-keys: .*x5c/);
    assert.match(channelFailureOf(await orgView([keyset('Customer_Identity', [])])), /^keyset-keys: /);
  });

  test('is inconclusive at keyset-keys if the endpoint was not read, and fails if it serves no keys', async () => {
    const view = await orgView([endpointKeyset('Customer_Identity')]);
    const { steps } = traceChannel(view, webChat(view), NOW);
    const step = steps.find(({ link }) => link === 'keyset-keys');
    assert.deepEqual([step?.state, step?.detail], ['inconclusive', `${JWKS_URL} was not read.`]);
    const failing = { ...view, endpoints: new Map([[JWKS_URL, { problem: 'It responds with 404.' }]]) };
    assert.match(channelFailureOf(failing), /^keyset-keys: .*It responds with 404\.$/);
    assert.match(
      firstFailure(traceChannel(failing, webChat(failing), NOW))?.fix ?? '',
      /curl -i https:\/\/id\.example/,
    );
    const empty = { ...view, endpoints: new Map([[JWKS_URL, { keys: [] }]]) };
    assert.match(channelFailureOf(empty), /^keyset-keys: .*It serves no keys\.$/);
  });

  test('passes with one usable and one unusable key', async () => {
    const view = await orgView([
      key('Old', { ...(await publicJwk(keyPair('other'))), kid: 'old' }, 'false'),
      keyset('Customer_Identity', ['Old', 'Web_2026']),
    ]);
    assert.equal(channelFailureOf(view), '-');
  });
});

test('a key whose certificate expires soon is usable', async () => {
  const soon = { notAfter: new Date(NOW.getTime() + 5 * DAY_MS) };
  assert.equal(failureOf(await orgView([key('Web_2026', await publicJwk(keyPair(), soon))])), '-');
});

test('a channel counts as verified if it is in the org, or was in source', async () => {
  const unverified = channel('Guest_Chat', { authMode: 'UnAuth', messagingAuthorizations: [] });
  const switchedOff = channel('Web_Chat', { authMode: 'UnAuth', messagingAuthorizations: [] });
  const names = (view: OrgView, declared: readonly Component[]): readonly string[] =>
    verifiedChannels(view, mapOf(declared)).map(({ fullName }) => fullName);
  assert.deepEqual(names(await orgView([unverified]), []), ['Web_Chat']);
  assert.deepEqual(names(await orgView([switchedOff]), []), []);
  assert.deepEqual(names(await orgView([switchedOff]), [channel('Web_Chat')]), ['Web_Chat']);
  const prepared = channel('Web_Chat', { authMode: 'UnAuth' });
  assert.deepEqual(names(await orgView([prepared]), []), ['Web_Chat']);
});

import assert from 'node:assert/strict';
import { constants, sign } from 'node:crypto';
import { after, before, beforeEach, describe, test } from 'node:test';
import { readJwk } from '../../../lib/jwk';
import type { Change, Check } from '../../../lib/model';
import { TokenBudget } from '../../../lib/chat-api';
import { commandSource, type TokenSource } from '../../../lib/token';
import type { TokenSpec } from '../../../lib/token/token-source';
import type { VerifyOptions } from '../../../lib/verification/context';
import { FORGED_TOKENS } from '../../../lib/verification/forged-tokens';
import { verifyOrg } from '../../../lib/verification/verify-org';
import { json, startFakeChatApi, type FakeChatApi } from '../chat-api/fake-chat-api';
import { authorization, channel, chatDeployment, endpointKeyset, key, keyset, token } from '../explain/test-org';
import { providerShapes } from '../jwk/provider-shapes';
import { keyPair, NOW, publicJwk } from '../jwk/test-keys';
import {
  fakeOrgHandler,
  NO_TRUST_AT_END,
  ORG,
  orgUnderTest,
  verifyOptions,
  type OrgSetup,
  type Rule,
} from './fake-org';

let fake: FakeChatApi;
before(async () => {
  fake = await startFakeChatApi();
});
after(() => fake.close());
beforeEach(() => {
  fake.requests.splice(0);
  fake.handle = fakeOrgHandler();
});

async function checksOf(setup: OrgSetup = {}, options: Partial<VerifyOptions> = {}): Promise<readonly Check[]> {
  return (await verifyOrg(await orgUnderTest(fake, setup), await verifyOptions(options))).checks;
}

const find = (checks: readonly Check[], name: string, on = 'Web_Chat'): Check =>
  checks.find((each) => each.name === name && (each.channel ?? on) === on) ?? assert.fail(`no check ${name}`);

const namesIn = (checks: readonly Check[], state: string): readonly string[] =>
  checks.filter((check) => check.state === state).map(({ name }) => name);

const granted = (): number => fake.requests.filter(({ method }) => method === 'POST').length;
const revoked = (): number => fake.requests.filter(({ method }) => method === 'DELETE').length;

/** The rejection checks of the only channel, which has no other key. */
const REJECTIONS = [
  ...FORGED_TOKENS.filter(({ needs }) => needs !== 'foreign kid').map(({ name }) => name),
  ...['no token', 'unverified user'],
];

/** The subjects that live orgs give unverified users (public build logs). */
const UNVERIFIED_SUBJECTS = ['v2/iamessage/ANON/1', 'v2/iamessage/UNAUTH/NA/uid:1'];

describe('an org that follows every rule', () => {
  test('passes each check', async () => {
    const checks = await checksOf();
    assert.deepEqual(
      checks.map(({ part, name, state, ok }) => [part, name, state, ok]),
      [
        ...['trust', 'permissions', 'in sync', 'trust chain', 'published', 'queue'].map((name) => [
          'configuration',
          name,
        ]),
        ...['accepted', 'expected customer', 'token lifetime', 'revoked'].map((name) => ['acceptance', name]),
        ...REJECTIONS.map((name) => ['rejection', name]),
      ].map((check) => [...check, 'passed', true]),
    );
  });

  test('passes each check with a key that declares RS512', async () => {
    fake.handle = fakeOrgHandler({ keyAlg: 'RS512' });
    const rs512 = [key('Web_2026', { ...(await publicJwk()), alg: 'RS512' })];
    const checks = await checksOf({ live: rs512, desired: rs512 });
    assert.deepEqual([...namesIn(checks, 'failed'), ...namesIn(checks, 'inconclusive')], []);
  });

  test('fails its trust check if trust is added while the tokens are sent', async () => {
    const consequence = 'Tokens signed with Rogue are accepted on Web_Chat for any customer.';
    const readTrust = () =>
      Promise.resolve({
        ...NO_TRUST_AT_END,
        undeclaredTrust: [{ component: 'MessagingChannel:Web_Chat', channels: [], consequence }] as const,
      });
    const checks = await checksOf({}, { readTrust });
    assert.deepEqual(namesIn(checks, 'failed'), ['trust']);
    assert.match(find(checks, 'trust').detail, /^Added while the org was verified: Tokens signed with Rogue/);
  });

  test('has an inconclusive trust check if the trust cannot be read again', async () => {
    const checks = await checksOf({}, { readTrust: () => Promise.reject(new Error('The network is down.')) });
    assert.deepEqual(namesIn(checks, 'inconclusive'), ['trust']);
  });

  test('gets one valid token, and its access token is revoked', async () => {
    await checksOf();
    assert.deepEqual([granted(), revoked()], [1 + REJECTIONS.length, 1]);
  });

  test('passes with a token of the token service of the customer', async () => {
    const line = `"${process.execPath}" -p '"${token({ sub: 'shopper' })}"'`;
    const checks = await checksOf({}, { privateKeys: [], tokenCommand: commandSource(line) });
    assert.equal(find(checks, 'accepted').state, 'passed');
    assert.equal(find(checks, 'expected customer').detail, 'v2/iamessage/AUTH/Customer/uid:shopper');
  });
});

describe('an org that ignores a rule', () => {
  const cases: readonly (readonly [rule: Rule, failed: string, risk: RegExp])[] = [
    ['expiry', 'expired', /^ACCEPTED\. A copied token works forever\. Required by: RFC 7519, section 4\.1\.4\.$/],
    ['alg-none', 'alg none', /^ACCEPTED\. Tokens need no signature\./],
    ['no-token', 'no token', /^ACCEPTED as v2\/iamessage\/AUTH\/Customer\/uid:nobody\./],
    ['unverified', 'unverified user', /^ACCEPTED as v2\/iamessage\/ANON\/1\. Unverified users can chat/],
  ];
  for (const [rule, failed, detail] of cases)
    test(`fails at ${failed} only, and each access token is revoked`, async () => {
      fake.handle = fakeOrgHandler({ ignoredRules: [rule] });
      const checks = await checksOf();
      assert.deepEqual(namesIn(checks, 'failed'), [failed]);
      assert.match(find(checks, failed).detail, detail);
      assert.equal(revoked(), 2);
    });

  test('reports an access token that could not be revoked', async () => {
    fake.handle = fakeOrgHandler({ ignoredRules: ['expiry'], revokeStatus: 500 });
    assert.match(
      find(await checksOf(), 'expired').detail,
      /The access token couldn't be revoked: The Enhanced Chat API responded with 500\.$/,
    );
  });

  for (const unverified of UNVERIFIED_SUBJECTS)
    test(`rejects a token if it only grants access for the unverified user ${unverified}`, async () => {
      let granted = 0;
      const subject = (sub: string): string => (granted++ === 0 ? `v2/iamessage/AUTH/Customer/uid:${sub}` : unverified);
      fake.handle = fakeOrgHandler({ ignoredRules: ['alg-none'], subject });
      const forged = find(await checksOf(), 'alg none');
      assert.equal(forged.state, 'passed');
      assert.match(forged.detail, /^Not verified: .*unverified user \(/);
      assert.ok(forged.detail.endsWith(`(${unverified}).`));
    });
});

describe('a response that is not a rejection', () => {
  for (const status of [404, 500, 503])
    test(`${status} is inconclusive`, async () => {
      fake.handle = fakeOrgHandler({ reject: json(status, { message: 'later' }) });
      const checks = await checksOf();
      assert.deepEqual(namesIn(checks, 'inconclusive'), REJECTIONS);
      assert.equal(find(checks, 'HS256').detail, `The Enhanced Chat API responded with ${status}: "later".`);
    });

  test('429 is inconclusive, and ends the token requests to the org', async () => {
    fake.handle = fakeOrgHandler({ reject: json(429, { message: 'later' }) });
    const checks = await checksOf({}, { budget: ONE_AT_A_TIME });
    assert.deepEqual(namesIn(checks, 'inconclusive'), REJECTIONS);
    const details = checks.filter(({ state }) => state === 'inconclusive').map(({ detail }) => detail);
    assert.match(details[0] ?? '', /^The Enhanced Chat API responded with 429: "later"\./);
    assert.match(details.at(-1) ?? '', /^Not sent: the org responded with 429/);
    assert.ok(granted() < 15, `${granted()} requests after the first 429`);
  });

  for (const status of [400, 401, 403, 412])
    test(`${status} is a rejection`, async () => {
      fake.handle = fakeOrgHandler({ reject: json(status, {}) });
      assert.deepEqual(namesIn(await checksOf(), 'inconclusive'), []);
    });
});

describe('an accepted token fails', () => {
  const checkFor = async (behavior: Parameters<typeof fakeOrgHandler>[0], name: string): Promise<Check> => {
    fake.handle = fakeOrgHandler(behavior);
    return find(await checksOf(), name);
  };

  for (const subject of UNVERIFIED_SUBJECTS)
    test(`if its customer is the unverified user ${subject}`, async () => {
      const check = await checkFor({ subject: () => subject }, 'accepted');
      assert.deepEqual(
        [check.state, check.detail],
        ['failed', 'The token was accepted, but the customer is an unverified user.'],
      );
    });

  test('if it is for another customer', async () => {
    const check = await checkFor({ subject: () => 'v2/iamessage/AUTH/Customer/uid:other' }, 'expected customer');
    assert.deepEqual(
      [check.state, check.detail],
      [
        'failed',
        'The customer is v2/iamessage/AUTH/Customer/uid:other. Expected: v2/iamessage/AUTH/Customer/uid:customer-1.',
      ],
    );
  });

  test('if its lifetime is a minute shorter or longer than configured', async () => {
    for (const lifetimeMinutes of [29, 31]) {
      const check = await checkFor({ lifetimeMinutes }, 'token lifetime');
      assert.deepEqual(
        [check.state, check.detail],
        ['failed', `The access token expires after ${lifetimeMinutes} minutes instead of 30.`],
      );
    }
    assert.equal((await checkFor({ lifetimeMinutes: 29.5 }, 'token lifetime')).state, 'passed');
    assert.equal((await checkFor({ lifetimeMinutes: undefined }, 'token lifetime')).state, 'inconclusive');
  });

  test('if it cannot be revoked', async () => {
    const check = await checkFor({ revokeStatus: 500 }, 'revoked');
    assert.equal(check.state, 'failed');
    assert.match(check.detail, /stays valid until it expires/);
  });

  test('if its own claims are invalid', async () => {
    fake.handle = fakeOrgHandler({ ignoredRules: ['claims'] });
    const line = `"${process.execPath}" -p '"${token({ sub: 7 })}"'`;
    const checks = await checksOf({}, { privateKeys: [], tokenCommand: commandSource(line) });
    assert.match(find(checks, 'accepted').detail, /^The token was accepted although its claims are invalid: sub: /);
  });
});

test('without a configured lifetime, 60 minutes are expected', async () => {
  const { root } = channel('Web_Chat');
  const config = root.children[0] ?? assert.fail();
  const withoutLifetime = {
    ...channel('Web_Chat'),
    root: {
      ...root,
      children: [
        { ...config, children: config.children.filter(({ name }) => name !== 'verifiedUserJwtExpirationTime') },
        ...root.children.slice(1),
      ],
    },
  };
  fake.handle = fakeOrgHandler({ lifetimeMinutes: 60 });
  const check = find(await checksOf({ live: [withoutLifetime], desired: [withoutLifetime] }), 'token lifetime');
  assert.deepEqual([check.state, check.detail], ['passed', '60 minutes, as configured']);
});

/** The token says what source declares; the org has another issuer. */
const otherIssuerInSource: OrgSetup = {
  desired: [keyset('Customer_Identity', ['Web_2026'], 'https://declared.example.com')],
};

describe('a rejected valid token', () => {
  const rejectAll = fakeOrgHandler({ reject: json(401, { message: 'bad' }) });
  const acceptedDetail = async (setup: OrgSetup): Promise<string> => {
    fake.handle = (request, response) =>
      request.path.includes('/authenticated/')
        ? json(401, { message: 'bad' })(request, response)
        : rejectAll(request, response);
    const checks = await checksOf(setup);
    assert.equal(find(checks, 'accepted').state, 'failed');
    assert.deepEqual(
      ['expected customer', 'token lifetime', 'revoked'].map((name) => find(checks, name).state),
      ['inconclusive', 'inconclusive', 'inconclusive'],
    );
    return find(checks, 'accepted').detail;
  };

  test('names the first failed step and its fix', async () => {
    const detail = await acceptedDetail({
      live: [keyset('Customer_Identity', ['Web_2026'], 'https://other.example.com')],
    });
    assert.match(
      detail,
      /^The Enhanced Chat API responded with 401: "bad"\. First failed step: issuer: .* Fix: Make both equal/,
    );
  });

  test('names the inactive channel rather than the issuer', async () => {
    const detail = await acceptedDetail({
      live: [keyset('Customer_Identity', ['Web_2026'], 'https://other.example.com')],
      active: [],
    });
    assert.match(detail, /First failed step: channel: The channel Web_Chat isn't active\./);
  });

  test('names the issuer rather than outdated published settings', async () => {
    fake.handle = fakeOrgHandler({ authMode: 'UnAuth', reject: json(401, {}) });
    const checks = await checksOf(otherIssuerInSource);
    assert.match(find(checks, 'accepted').detail, /First failed step: issuer: The keyset Customer_Identity has/);
  });

  test('reports that no step failed if each step passes', async () => {
    assert.match(
      await acceptedDetail({}),
      /No failed step was found\. To trace this token: npm run token -- explain < token\.txt/,
    );
  });

  test('leaves every rejection inconclusive, because the org may reject every token', async () => {
    fake.handle = (request, response) =>
      request.path.includes('/authenticated/') ? json(401, {})(request, response) : rejectAll(request, response);
    const checks = await checksOf();
    assert.deepEqual(namesIn(checks, 'inconclusive').slice(3), REJECTIONS);
    for (const name of ['alg none', 'expired', 'unverified user'])
      assert.match(
        find(checks, name).detail,
        /^Rejected, but no valid token was accepted either, so the org may reject/,
      );
    assert.match(find(checks, 'signature of another token').detail, /^No valid token was accepted, so a rejection/);
  });
});

describe('without the private key of the org', () => {
  const withoutSource = (setup: OrgSetup = {}): Promise<readonly Check[]> => checksOf(setup, { privateKeys: [] });

  test('the acceptance checks are inconclusive for the given reason', async () => {
    const acceptance = (await withoutSource()).filter(({ part }) => part === 'acceptance');
    assert.deepEqual(
      acceptance.map(({ name, state, detail, ok }) => [name, state, detail, ok]),
      ['accepted', 'expected customer', 'token lifetime', 'revoked'].map((name) => [
        name,
        'inconclusive',
        'No token source.',
        false,
      ]),
    );
  });

  test('every rejection is inconclusive, and those that need a trusted key recommend --private-key', async () => {
    const checks = await withoutSource();
    assert.deepEqual(namesIn(checks, 'inconclusive').slice(4), REJECTIONS);
    assert.match(find(checks, 'expired').detail, /Fix: verify with its --private-key\.$/);
  });

  test('an accepted forged token fails', async () => {
    fake.handle = fakeOrgHandler({ ignoredRules: ['alg-none'] });
    assert.deepEqual(namesIn(await withoutSource(), 'failed'), ['alg none']);
  });

  test('a token command makes every rejection conclusive that needs no trusted key', async () => {
    const line = `"${process.execPath}" -p '"${token()}"'`;
    const checks = await checksOf({}, { privateKeys: [], tokenCommand: commandSource(line) });
    const needed = FORGED_TOKENS.filter(({ needs }) => needs === 'trusted key').map(({ name }) => name);
    assert.deepEqual([namesIn(checks, 'failed'), namesIn(checks, 'inconclusive')], [[], needed]);
  });

  test('a token command that signs TOKEN_TO_SIGN makes every rejection conclusive, also in production', async () => {
    const org = await orgUnderTest(fake);
    const desired = { ...org.desired, org: { ...ORG, kind: 'production' as const } };
    const specs: TokenSpec[] = [];
    const tokenCommand: TokenSource = {
      getToken(spec) {
        specs.push(spec);
        return Promise.resolve(spec.toSign === undefined ? token() : signedAs(spec.alg ?? '', spec.toSign));
      },
    };
    const checks = await checksOf({ change: { desired } }, { privateKeys: [], tokenCommand });
    assert.deepEqual([namesIn(checks, 'failed'), namesIn(checks, 'inconclusive')], [[], []]);
    assert.equal(specs.length, 1 + FORGED_TOKENS.filter(({ needs }) => needs === 'trusted key').length);
  });

  test('a token command that signs TOKEN_TO_SIGN with another key or algorithm leaves them inconclusive, and is asked once', async () => {
    for (const sign of [
      (text: string) => signedAs('RS256', text),
      (text: string, alg: string) => signedAs(alg, text, keyPair('foreign').privateKey),
      () => Promise.reject(new Error('no')),
    ]) {
      let asked = 0;
      const getToken = ({ toSign, alg = '' }: TokenSpec) =>
        toSign === undefined ? Promise.resolve(token()) : Promise.resolve(++asked).then(() => sign(toSign, alg));
      const checks = await checksOf({}, { privateKeys: [], tokenCommand: { getToken } });
      assert.deepEqual([namesIn(checks, 'failed'), find(checks, 'RS384').state, asked], [[], 'inconclusive', 1]);
      assert.match(find(checks, 'RS384').detail, /The token command didn't sign TOKEN_TO_SIGN\. Fix: verify with its/);
    }
  });

  test('a production org gets no advice to use --private-key', async () => {
    const org = await orgUnderTest(fake);
    const desired = { ...org.desired, org: { ...ORG, kind: 'production' as const } };
    const checks = await withoutSource({ change: { desired } });
    assert.match(find(checks, 'expired').detail, /--private-key is not used for production orgs\.$/);
  });

  test('a private key of no key in the keysets is inconclusive', async () => {
    const checks = await checksOf({}, { privateKeys: [keyPair('foreign').privateKey] });
    assert.match(
      find(checks, 'accepted').detail,
      /^The private key doesn't belong to a key of the channel's keysets\./,
    );
    assert.equal(find(checks, 'expired').state, 'inconclusive');
    assert.match(find(checks, 'expired').detail, /^No valid token was accepted/);
  });

  test('a failing token command fails the acceptance check', async () => {
    const checks = await checksOf(
      {},
      { privateKeys: [], tokenCommand: commandSource(`"${process.execPath}" -e "process.exit(3)"`) },
    );
    assert.equal(find(checks, 'accepted').state, 'failed');
    assert.match(find(checks, 'accepted').detail, /exit code 3/);
  });
});

describe('the client version', () => {
  const pathsFor = async (deploymentType: string): Promise<readonly string[]> => {
    const deployment = chatDeployment('Web_Chat', 'Web_Chat', { deploymentType });
    await checksOf({ live: [deployment], desired: [deployment] });
    return [
      ...new Set(
        fake.requests
          .filter(({ method }) => method === 'POST')
          .map(({ path }) => path.split('/authorization/')[0] ?? ''),
      ),
    ];
  };

  test('is 2 for type API, and 1 for Web and Mobile', async () => {
    assert.deepEqual(await pathsFor('API'), ['/iamessage/api/v2']);
    fake.requests.splice(0);
    assert.deepEqual(await pathsFor('Mobile'), ['/iamessage/v1']);
    fake.requests.splice(0);
    assert.deepEqual(await pathsFor('Web'), ['/iamessage/v1']);
  });
});

test('tokens go to each chat deployment, and all forged ones to the published one', async () => {
  const second = chatDeployment('A_New_Chat', 'Web_Chat');
  const org = fakeOrgHandler();
  for (const [unpublished, published] of [
    ['A_New_Chat', 'Web_Chat'],
    ['Web_Chat', 'A_New_Chat'],
  ] as const) {
    fake.handle = (request, response) =>
      (request.query['esConfigName'] === unpublished ? json(412, { text: 'Not Published' }) : org)(request, response);
    const checks = await checksOf({ live: [second], desired: [second] });
    const rejectionsOf = (name: string): readonly string[] =>
      checks.filter((each) => each.part === 'rejection' && each.chatDeployment === name).map((each) => each.name);
    assert.deepEqual(rejectionsOf(published), REJECTIONS);
    assert.deepEqual(rejectionsOf(unpublished), ['alg none', 'known kid, wrong key', 'no token', 'unverified user']);
  }
});

describe('the configuration checks', () => {
  const change = (component: Change['component'], path: string, impact: Change['impact']): Change => ({
    component,
    path,
    impact,
    action: 'update',
    from: 'a',
    to: 'b',
    effect: '',
  });

  test('count the differences with customer impact on the channel, out of all differences', async () => {
    const changes = [
      change('MessagingChannel:Web_Chat', 'embeddedConfig.authMode', 'disruptive'),
      change('PublicKeyCertificate:Web_2026', 'jsonWebKey', 'visible'),
      change('PublicKeyCertificateSet:Customer_Identity', 'masterLabel', 'none'),
      change('MessagingChannel:Other', 'embeddedConfig.authMode', 'disruptive'),
    ];
    const check = find(await checksOf({ change: { changes } }), 'in sync');
    assert.deepEqual(
      [check.state, check.detail],
      [
        'failed',
        '2 of 4 differences in the org affect customers of this channel: MessagingChannel:Web_Chat embeddedConfig.authMode, PublicKeyCertificate:Web_2026 jsonWebKey. Fix: npm run deploy -- --org uat',
      ],
    );
  });

  test('include the chat deployment of the channel', async () => {
    const changes = [change('EmbeddedServiceConfig:Web_Chat', 'isEnabled', 'visible')];
    assert.equal(find(await checksOf({ change: { changes } }), 'in sync').state, 'failed');
  });

  test('pass if no difference affects customers', async () => {
    const changes = [change('MessagingChannel:Web_Chat', 'masterLabel', 'none')];
    assert.equal(find(await checksOf({ change: { changes } }), 'in sync').state, 'passed');
  });

  test('fail at the trust chain and leave published inconclusive if an earlier step failed', async () => {
    const checks = await checksOf({ active: [] });
    assert.match(find(checks, 'trust chain').detail, /^channel: .* Fix: Run npm run deploy -- --org uat\./);
    assert.deepEqual(
      [find(checks, 'published').state, find(checks, 'published').detail],
      ['inconclusive', 'An earlier step failed.'],
    );
  });

  test('fail at published alone if the published settings are outdated', async () => {
    fake.handle = fakeOrgHandler({ authMode: 'UnAuth' });
    const checks = await checksOf();
    assert.deepEqual(namesIn(checks, 'failed'), ['published']);
    assert.match(
      find(checks, 'published').detail,
      /authMode UnAuth\. .* Fix: Run npm run deploy -- --org uat --publish\./,
    );
  });

  test('fail if the org has no such channel', async () => {
    const checks = await checksOf({ removed: ['Web_Chat'] });
    assert.deepEqual(
      checks.map(({ name, state, detail }) => [name, state, detail]),
      [
        ['trust', 'passed', 'no undeclared trust at 2026-10-01 12:00 UTC and at 2026-10-01 12:00 UTC'],
        ['permissions', 'passed', 'complete'],
        ['in sync', 'failed', 'The org has no channel Web_Chat.'],
      ],
    );
  });

  test('fail while the org trusts what its desired state does not declare', async () => {
    const consequence = 'Tokens signed with Rogue are accepted on Web_Chat for any customer.';
    const undeclaredTrust = [{ component: 'MessagingChannel:Web_Chat', channels: ['Web_Chat'], consequence } as const];
    const check = find(await checksOf({ change: { undeclaredTrust } }), 'trust');
    assert.deepEqual([check.part, check.state], ['configuration', 'failed']);
    assert.match(
      check.detail,
      /^Tokens signed with Rogue are accepted on Web_Chat .* Fix: npm run deploy -- --org uat$/,
    );
  });

  test('fail for missing permissions', async () => {
    const org = await orgUnderTest(fake);
    const facts = { ...org.live.facts, missingPermissions: ['View Setup', 'Customize Application'] };
    const check = find(await checksOf({ change: { live: { ...org.live, facts } } }), 'permissions');
    assert.deepEqual(
      [check.state, check.detail, check.channel],
      ['failed', 'Missing permissions: View Setup, Customize Application.', undefined],
    );
  });

  for (const [name, queues, detail] of [
    ['no queue of that name', {}, /^No queue Customer_Chat with Messaging Session as a supported object exists\./],
    [
      'a queue without messaging sessions',
      { Customer_Chat: { acceptsMessagingSessions: false, hasRouting: true } },
      /^The queue Customer_Chat doesn't accept messaging sessions\./,
    ],
    [
      'a queue without routing',
      { Customer_Chat: { acceptsMessagingSessions: true, hasRouting: false } },
      /^The queue Customer_Chat has no routing configuration\./,
    ],
  ] as const)
    test(`fail for ${name}`, async () => {
      const check = find(await checksOf({ change: { queues: new Map(Object.entries(queues)) } }), 'queue');
      assert.equal(check.state, 'failed');
      assert.match(check.detail, detail);
    });
});

describe('an Enhanced Chat API', () => {
  test('that closes connections is unreachable, and nothing about tokens passes', async () => {
    fake.handle = (_request, response) => void response.destroy();
    const { checks, reached } = await verifyOrg(await orgUnderTest(fake), await verifyOptions());
    assert.equal(reached, false);
    assert.equal(find(checks, 'accepted').detail, "The Enhanced Chat API didn't respond.");
    assert.equal(find(checks, 'all forged tokens').state, 'inconclusive');
    assert.deepEqual(
      checks.filter(({ ok, part }) => ok && part !== 'configuration'),
      [],
    );
  });

  test('that responds with a page is reached, and published is inconclusive', async () => {
    fake.handle = (_request, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>');
    const { checks, reached } = await verifyOrg(await orgUnderTest(fake), await verifyOptions());
    assert.equal(reached, true);
    assert.equal(find(checks, 'published').state, 'inconclusive');
    assert.equal(find(checks, 'trust chain').state, 'passed');
    assert.deepEqual(
      checks.filter(({ ok, part }) => ok && part !== 'configuration'),
      [],
    );
  });

  test('without a chat deployment is not asked', async () => {
    const checks = await checksOf({ live: [chatDeployment('Web_Chat', 'Other')] });
    assert.equal(
      find(checks, 'accepted').detail,
      'No chat deployment serves the channel, so no token can be exchanged.',
    );
    assert.equal(find(checks, 'all forged tokens').state, 'inconclusive');
    assert.equal(granted(), 0);
  });
});

/** Adds a signature to a signing input, as a token command can. */
function signedAs(alg: string, text: string, key = keyPair().privateKey): string {
  const padding = alg === 'PS256' ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING;
  const digest = `sha${alg.slice(2)}`;
  return `${text}.${sign(digest, Buffer.from(text), { key, padding }).toString('base64url')}`;
}

/** A budget that sends one request after the other. */
const ONE_AT_A_TIME = new TokenBudget({ requests: 1, milliseconds: 1 }, () => undefined);

test('a channel without an active configuration in source has no valid token and no forged ones', async () => {
  const inactive = channel('Web_Chat', { messagingAuthorizations: [authorization({ enabled: 'false' })] });
  const checks = await checksOf({ desired: [inactive] });
  assert.match(find(checks, 'accepted').detail, /^No active user verification configuration in source has a keyset/);
  assert.equal(find(checks, 'all forged tokens').detail, 'The channel has no issuer, so no token can be forged.');
  assert.equal(granted(), 0);
});

describe('two channels with the same Configuration Name', () => {
  const both = [channel('Mobile_Chat'), chatDeployment('Mobile_Chat')];
  const setup: OrgSetup = { live: both, desired: both };

  test('pass if the customer has the same subject on both', async () => {
    const checks = (await checksOf(setup)).filter(({ part }) => part === 'consistency');
    assert.deepEqual(
      checks.map((check) => [check.channel, check.name, check.state, check.detail]),
      [
        ['Web_Chat', 'same customer', 'passed', 'same subject as on Mobile_Chat'],
        ['Mobile_Chat', 'same customer', 'passed', 'same subject as on Web_Chat'],
      ],
    );
  });

  test('fail if the subjects differ', async () => {
    let count = 0;
    fake.handle = fakeOrgHandler({ subject: () => `v2/iamessage/AUTH/Customer/uid:${(count += 1)}` });
    const check = find(await checksOf(setup), 'same customer');
    assert.equal(check.state, 'failed');
    assert.match(check.detail, /^The customer has another subject on Mobile_Chat/);
  });

  test('are inconclusive if only one accepted a token', async () => {
    const own = fakeOrgHandler();
    fake.handle = (request, response) =>
      (request.body['esDeveloperName'] === 'Mobile_Chat' ? json(401, {}) : own)(request, response);
    const checks = await checksOf(setup);
    assert.deepEqual(
      ['Web_Chat', 'Mobile_Chat'].map((name) => find(checks, 'same customer', name).state),
      ['inconclusive', 'inconclusive'],
    );
  });

  test('are not compared with channels of another Configuration Name', async () => {
    const other = [
      channel('Mobile_Chat', { messagingAuthorizations: [authorization({ authIdentifier: 'App_Customer' })] }),
      chatDeployment('Mobile_Chat'),
    ];
    const checks = await checksOf({ live: other, desired: other });
    assert.deepEqual(
      checks.filter(({ part }) => part === 'consistency'),
      [],
    );
  });
});

describe('a keyset with a JWKS endpoint', () => {
  const setup = async (serve: (jwk: object) => unknown): Promise<OrgSetup> => {
    const jwk = await publicJwk();
    const own = fakeOrgHandler();
    fake.handle = (request, response) =>
      (request.path === '/jwks.json' ? json(200, serve(jwk)) : own)(request, response);
    const components = [endpointKeyset('Customer_Identity', `${fake.url}/jwks.json`)];
    return { live: components, desired: components };
  };

  test('passes if the endpoint serves the key', async () => {
    const checks = await checksOf(await setup((jwk) => ({ keys: [jwk] })));
    assert.deepEqual(namesIn(checks, 'failed'), []);
    assert.equal(checks.find(({ part }) => part === 'endpoint')?.name, 'Customer_Identity');
    assert.equal(find(checks, 'accepted').state, 'passed');
  });

  test('passes with the keys of every provider in which the signing key is usable', async () => {
    const { x5c: _, ...jwk } = await publicJwk();
    for (const { name, document } of await providerShapes()) {
      const { keys } = document as { readonly keys: readonly unknown[] };
      const checks = await checksOf(await setup(() => ({ keys: [jwk, ...keys] })));
      const endpoint = checks.find(({ part }) => part === 'endpoint');
      assert.equal(endpoint?.state, 'passed', `${name}: ${endpoint?.detail ?? ''}`);
      assert.match(endpoint.detail, /at least one key: \d+ usable: .*key-1/, name);
      assert.deepEqual([name, find(checks, 'accepted')], [name, { ...find(checks, 'accepted'), state: 'passed' }]);
    }
  });

  test('compares the cache lifetime of the endpoint with the rotation of its keyset', async () => {
    const orgSetup = await setup((jwk) => ({ keys: [jwk] }));
    const own = fake.handle;
    fake.handle = (request, response) => own(request, response.setHeader('cache-control', 'max-age=360000'));
    const detailWith = async (hours: number): Promise<string> => {
      const cacheHours = (keyset: string): number => (keyset === 'Customer_Identity' ? hours : 0);
      return (await checksOf(orgSetup, { cacheHours })).find(({ part }) => part === 'endpoint')?.detail ?? '';
    };
    assert.match(await detailWith(99), /longer than the 99 hours of a rotation\. Rotate with --cache-hours 100/);
    assert.doesNotMatch(await detailWith(100), /cache lifetime/);
  });

  test('fails at the endpoint and the trust chain if the endpoint serves no JWKS', async () => {
    const checks = await checksOf(await setup(() => ({ error: 'down' })));
    const endpoint = checks.find(({ part }) => part === 'endpoint');
    assert.equal(endpoint?.state, 'failed');
    assert.match(endpoint?.detail ?? '', /jwks\.json: JSON: /);
    assert.match(
      find(checks, 'trust chain').detail,
      /^keyset-keys: .*It serves no JWKS document\. The document has no list "keys"/,
    );
  });

  test('fails if the endpoint serves a compromised key', async () => {
    const orgSetup = await setup((jwk) => ({ keys: [{ ...jwk, kid: 'renamed' }] }));
    const { key: facts } = readJwk(JSON.stringify(await publicJwk()), NOW);
    const key = { thumbprint: facts?.thumbprint ?? '', name: 'Old', kid: 'k', keyset: 'Shop', markedAt: '2026-09-01' };
    const { desired } = await orgUnderTest(fake, orgSetup);
    const checks = await checksOf({ ...orgSetup, change: { desired: { ...desired, compromised: [key] } } });
    assert.match(
      checks.find(({ part }) => part === 'endpoint')?.detail ?? '',
      /no compromised key: Old, which the rotation of Shop marked as compromised on 2026-09-01, is served/,
    );
  });

  test('fails if the endpoint serves a key that the org file does not list, and names its thumbprint', async () => {
    const orgSetup = await setup((jwk) => ({ keys: [jwk] }));
    const { key: facts } = readJwk(JSON.stringify(await publicJwk()), NOW);
    const { desired } = await orgUnderTest(fake, orgSetup);
    const endpointWith = async (endpointKeys: Readonly<Record<string, readonly string[]>>) => {
      const change = { desired: { ...desired, org: { ...desired.org, endpointKeys } } };
      return (await checksOf({ ...orgSetup, change })).find(({ part }) => part === 'endpoint');
    };
    assert.equal((await endpointWith({ Customer_Identity: [facts?.thumbprint ?? ''] }))?.state, 'passed');
    assert.equal((await endpointWith({ Other: [] }))?.state, 'passed');
    const changed = await endpointWith({ Customer_Identity: [] });
    assert.equal(changed?.state, 'failed');
    assert.ok(
      changed.detail.includes(`thumbprint ${String(facts?.thumbprint)} isn't in "endpointKeys"`),
      changed.detail,
    );
  });

  test('is not read on loopback without allowLoopback', async () => {
    const checks = await checksOf(await setup((jwk) => ({ keys: [jwk] })), { allowLoopback: false });
    assert.equal(checks.find(({ part }) => part === 'endpoint')?.state, 'failed');
    assert.equal(fake.requests.filter(({ path }) => path === '/jwks.json').length, 0);
  });

  test('is checked for each active configuration of the channel', async () => {
    const { live = [] } = await setup((jwk) => ({ keys: [jwk] }));
    const two = channel('Web_Chat', {
      messagingAuthorizations: [
        authorization(),
        authorization({ authIdentifier: 'Partner', publicKeyCertificateSetName: 'Partner_Identity' }),
      ],
    });
    const components = [...live, endpointKeyset('Partner_Identity', `${fake.url}/partner.json`), two];
    const checks = await checksOf({ live: components, desired: components });
    assert.deepEqual(
      checks.filter(({ part }) => part === 'endpoint').map(({ name, state }) => [name, state]),
      [
        ['Customer_Identity', 'passed'],
        ['Partner_Identity', 'failed'],
      ],
    );
  });

  test('is not checked for an inactive configuration', async () => {
    const inactive = channel('Web_Chat', {
      messagingAuthorizations: [
        authorization({ enabled: 'false' }),
        authorization({ publicKeyCertificateSetName: 'Uploaded' }),
      ],
    });
    const { live = [] } = await setup((jwk) => ({ keys: [jwk] }));
    const components = [...live, keyset('Uploaded', ['Web_2026']), inactive];
    const checks = await checksOf({ live: components, desired: components });
    assert.deepEqual(
      checks.filter(({ part }) => part === 'endpoint'),
      [],
    );
  });
});

describe('all forged tokens are sent', () => {
  const channelsWithAll = async (setup: OrgSetup): Promise<readonly string[]> =>
    (await checksOf(setup)).flatMap(({ name, channel: on, chatDeployment: via }) =>
      name === 'RS384' ? [`${on ?? ''} ${via ?? ''}`] : [],
    );
  const both = [channel('Mobile_Chat'), chatDeployment('Mobile_Chat')];
  const partner = channel('Mobile_Chat', {
    messagingAuthorizations: [authorization({ publicKeyCertificateSetName: 'Partner_Identity' })],
  });
  const partnerKeyset = keyset('Partner_Identity', ['Web_2026']);

  test('once for channels with the same keyset, also if one of them has drifted', async () => {
    assert.deepEqual(await channelsWithAll({ live: both, desired: both }), ['Web_Chat Web_Chat']);
    const drifted = [...both, partner, partnerKeyset];
    assert.deepEqual(await channelsWithAll({ live: drifted, desired: both }), ['Web_Chat Web_Chat']);
  });

  test('once for each keyset and for each version of the API', async () => {
    const two = [...both, partner, partnerKeyset];
    assert.deepEqual(await channelsWithAll({ live: two, desired: two }), [
      'Web_Chat Web_Chat',
      'Mobile_Chat Mobile_Chat',
    ]);
    const web = [...both, chatDeployment('Site', 'Web_Chat', { deploymentType: 'Web' })];
    assert.deepEqual(await channelsWithAll({ live: web, desired: web }), ['Web_Chat Web_Chat', 'Web_Chat Site']);
  });
});

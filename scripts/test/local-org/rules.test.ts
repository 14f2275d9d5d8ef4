import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { startLocalOrg, type LocalOrg } from '../../local-org/index';
import { RULES } from '../../local-org/rules';
import { uploadedKey } from './certificates';
import { Client, loginKey, tokenFor, type Files } from './client';
import * as sample from './samples';
import { PATHS } from './samples';

/** A package that breaks one rule, and the same package when it keeps it. */
interface Case {
  readonly rule: string;
  readonly breaks: () => Files | Promise<Files>;
  readonly keeps: () => Files | Promise<Files>;
  readonly problem: RegExp;
}

const key = async (change: (members: Record<string, unknown>) => unknown, daysLeft = 365, bits = 2048) => ({
  [PATHS.key]: sample.keyXml(change(await uploadedKey(daysLeft, bits))),
});
const goodKey = () => key((members) => members);
const keyset = (content: string, type: string) => ({ [PATHS.keyset]: sample.keysetXml(content, type) });
const goodKeyset = () => ({ [PATHS.keyset]: sample.keysetXml() });
const channel = (config?: string, extra?: string) => ({
  ...sample.verifiedChannel,
  [PATHS.channel]: sample.channelXml(config, extra),
});
const goodChannel = () => sample.verifiedChannel;
const verified = sample.embeddedConfig;
const without = (...paths: string[]) =>
  Object.fromEntries(Object.entries(sample.verifiedChannel).filter(([path]) => !paths.includes(path)));

const unresolvable = 'Required fields are missing: [AuthorizationConfigId]'.replace(/[[\]]/g, '\\$&');

const CASES: readonly Case[] = [
  { rule: 'key-is-one-json-object', breaks: () => key((it) => [it]), keeps: goodKey, problem: /not as an array/ },
  { rule: 'key-is-one-json-object', breaks: () => key((it) => ({ keys: [it] })), keeps: goodKey, problem: /key set/ },
  { rule: 'key-is-one-json-object', breaks: () => key(() => '{"kty":'), keeps: goodKey, problem: /not JSON/ },
  ...['kty', 'kid', 'alg', 'x5c'].map((member) => ({
    rule: 'key-has-required-members',
    breaks: () => key((it) => ({ ...it, [member]: undefined })),
    keeps: goodKey,
    problem: new RegExp(`missing ${member}`),
  })),
  { rule: 'key-is-rsa', breaks: () => key((it) => ({ ...it, kty: 'EC' })), keeps: goodKey, problem: /"EC" is not RSA/ },
  {
    rule: 'key-is-rsa',
    breaks: () => key((it) => ({ ...it, alg: 'ES256' })),
    keeps: () => key((it) => ({ ...it, alg: 'RS512' })),
    problem: /"ES256" is not RS256 or RS512/,
  },
  { rule: 'key-has-2048-bits', breaks: () => key((it) => it, 365, 1024), keeps: goodKey, problem: /1024 bits/ },
  {
    rule: 'key-certificate-is-valid',
    breaks: () => key((it) => it, 9),
    keeps: () => key((it) => it, 10),
    problem: /less than 10 more days/,
  },
  { rule: 'key-certificate-is-valid', breaks: () => key((it) => it, -1), keeps: goodKey, problem: /expired/ },
  {
    rule: 'key-certificate-is-valid',
    breaks: () => key((it) => ({ ...it, x5c: [`${String(it['x5c'])}`.replace(/[+/]/g, '_').replace(/^./, '-')] })),
    keeps: goodKey,
    problem: /not base64-encoded/,
  },
  {
    rule: 'key-certificate-is-valid',
    breaks: () => key((it) => ({ ...it, x5c: ['AAAA'] })),
    keeps: goodKey,
    problem: /not an X.509 certificate/,
  },
  {
    rule: 'keyset-of-keys-has-no-endpoint',
    breaks: () => keyset('<jwksEndPoint>https://id.example.com/jwks</jwksEndPoint>', 'JWKS'),
    keeps: goodKeyset,
    problem: /^You can't configure JWKS_URL when the key type selected is JWKS_KEY\.$/,
  },
  {
    rule: 'keyset-of-endpoint-has-one',
    breaks: () => keyset('', 'JWKS_URL'),
    keeps: goodKeyset,
    problem: /Required field is missing: jwksEndPoint/,
  },
  {
    rule: 'keyset-endpoint-is-https',
    breaks: () => keyset('<jwksEndPoint>http://id.example.com/jwks</jwksEndPoint>', 'JWKS_URL'),
    keeps: goodKeyset,
    problem: /HTTPS server/,
  },
  {
    rule: 'keyset-keys-exist',
    breaks: () =>
      keyset(
        '<publicKeyCertificateSetKeys><publicKeyCertificate>Key</publicKeyCertificate></publicKeyCertificateSetKeys>',
        'JWKS',
      ),
    keeps: async () => ({
      ...(await goodKey()),
      ...keyset(
        '<publicKeyCertificateSetKeys><publicKeyCertificate>Key</publicKeyCertificate></publicKeyCertificateSetKeys>',
        'JWKS',
      ),
    }),
    problem: /no PublicKeyCertificate named Key found/,
  },
  {
    rule: 'channel-auth-mode',
    breaks: () => channel(verified.replace('>Auth<', '>auth<')),
    keeps: () => channel('<authMode>UnAuth</authMode>'),
    problem: /'auth' is not a valid value for authMode/,
  },
  {
    rule: 'channel-session-based-chat',
    breaks: () => channel(verified, '<isSynchronousChatEnabled>true</isSynchronousChatEnabled>'),
    keeps: () => channel('<authMode>UnAuth</authMode>', '<isSynchronousChatEnabled>true</isSynchronousChatEnabled>'),
    problem: /^You can't enable Session-Based Chat for verified users$/,
  },
  {
    rule: 'channel-verified-expiration',
    breaks: () => channel(verified.replace('>60<', '>59<')),
    keeps: () => channel(verified.replace('>60<', '>360<')),
    problem: /between 60 and 4320/,
  },
  {
    rule: 'channel-unverified-expiration',
    breaks: () => channel(`<anonymousUserJwtExpirationTime>4321</anonymousUserJwtExpirationTime>${verified}`),
    keeps: () => channel(`<anonymousUserJwtExpirationTime>4320</anonymousUserJwtExpirationTime>${verified}`),
    problem: /between 60 and 4320/,
  },
  {
    rule: 'channel-file-size',
    breaks: () => channel(`${verified}<maxFileSize>6</maxFileSize>`),
    keeps: () => channel(`${verified}<maxFileSize>5</maxFileSize>`),
    problem: /between 1 and 5/,
  },
  {
    rule: 'channel-label-length',
    breaks: () => ({ ...channel(), [PATHS.channel]: sample.channelXml().replace('Web Chat', 'x'.repeat(81)) }),
    keeps: () => ({ ...channel(), [PATHS.channel]: sample.channelXml().replace('Web Chat', 'x'.repeat(80)) }),
    problem: /data value too large: x+ \(max length=80\)/,
  },
  {
    rule: 'channel-name',
    breaks: () => ({ ...without(PATHS.channel), 'messagingChannels/1_Web.messagingChannel': sample.channelXml() }),
    keeps: goodChannel,
    problem: /begin with a letter/,
  },
  {
    rule: 'authorization-keyset-exists',
    breaks: () => without(PATHS.keyset),
    keeps: goodChannel,
    problem: new RegExp(`^${unresolvable}$`),
  },
  {
    rule: 'authorization-identifier',
    breaks: () => channel(verified.replace('>Customer<', '>1 Customer<')),
    keeps: goodChannel,
    problem: /begin with a letter/,
  },
  {
    rule: 'channel-has-queue',
    breaks: () => ({
      ...channel(),
      [PATHS.channel]: sample.channelXml().replace('<sessionHandlerQueue>Chat</sessionHandlerQueue>', ''),
    }),
    keeps: goodChannel,
    problem: /Required field is missing: sessionHandlerQueue/,
  },
  {
    rule: 'channel-queue-exists',
    breaks: () => without(PATHS.queue),
    keeps: goodChannel,
    problem: /no Queue named Chat/,
  },
  {
    rule: 'channel-queue-takes-messaging-sessions',
    breaks: () => ({ ...channel(), [PATHS.queue]: sample.queueXml.replace('MessagingSession', 'Case') }),
    keeps: goodChannel,
    problem: /MessagingSession/,
  },
  {
    rule: 'channel-flow-exists',
    breaks: () => channel(verified, '<sessionHandlerFlow>Route</sessionHandlerFlow>'),
    keeps: () => ({
      ...channel(verified, '<sessionHandlerFlow>Route</sessionHandlerFlow>'),
      'flows/Route.flow': '<Flow/>',
    }),
    problem: /no Flow named Route found/,
  },
  {
    rule: 'deployment-of-type-web-is-not-created',
    breaks: () => ({ ...channel(), [PATHS.deployment]: sample.deploymentXml('Web') }),
    keeps: () => ({ ...channel(), [PATHS.deployment]: sample.deploymentXml('Mobile') }),
    problem: /type Web/,
  },
  {
    rule: 'deployment-channel-exists',
    breaks: () => ({ [PATHS.deployment]: sample.deploymentXml() }),
    keeps: () => ({ ...channel(), [PATHS.deployment]: sample.deploymentXml() }),
    problem: /no MessagingChannel named Web found/,
  },
  {
    rule: 'queue-routing-exists',
    breaks: () => without(PATHS.routing),
    keeps: goodChannel,
    problem: /no QueueRoutingConfig/,
  },
  {
    rule: 'permission-set-classes-exist',
    breaks: () => ({ [PATHS.permissionSet]: sample.permissionSetXml }),
    keeps: () => ({
      [PATHS.permissionSet]: sample.permissionSetXml,
      'classes/Signer.cls': 'public class Signer {}',
      'classes/Signer.cls-meta.xml': '<ApexClass/>',
    }),
    problem: /^In field: apexClass - no ApexClass named Signer found$/,
  },
  ...['http://www.example.com', 'https://www.*.com', 'https://www.example.com/chat', 'example.com'].map((pattern) => ({
    rule: 'origin-is-https',
    breaks: () => ({ [PATHS.origin]: sample.originXml(pattern) }),
    keeps: () => ({ [PATHS.origin]: sample.originXml('https://*.example.com:8443') }),
    problem: /Invalid origin/,
  })),
];

describe('rules', () => {
  let org: LocalOrg;
  let client: Client;

  before(async () => {
    org = await startLocalOrg({ alias: 'dev', kind: 'sandbox', port: 0, loginKey });
    client = new Client(org, await tokenFor(org));
  });
  after(() => org.close());

  // Dry runs leave the org empty, so that no case lives on what another one deployed.
  for (const { rule, breaks, keeps, problem } of CASES) {
    test(`${rule}: ${problem.source.slice(0, 60)}`, async () => {
      const broken = await client.deploy(await breaks(), { checkOnly: true });
      assert.equal(broken.status, 'Failed');
      assert.equal(broken.failures.length, 1, JSON.stringify(broken.failures));
      assert.match(broken.failures[0]?.problem ?? '', problem);
      assert.deepEqual((await client.deploy(await keeps(), { checkOnly: true })).failures, []);
    });
  }

  test('a channel needs Configure Messaging and View Setup', async () => {
    const weak = await startLocalOrg({
      alias: 'weak',
      kind: 'sandbox',
      port: 0,
      loginKey,
      permissions: { ViewSetup: false },
    });
    try {
      const report = await new Client(weak, await tokenFor(weak)).deploy(sample.verifiedChannel);
      assert.match(report.failures[0]?.problem ?? '', /insufficient access rights/);
    } finally {
      await weak.close();
    }
  });
});

test('every rule has a case that breaks it and one that keeps it', () => {
  const tested = new Set([...CASES.map(({ rule }) => rule), 'channel-needs-messaging-permissions']);
  assert.deepEqual(
    RULES.map(({ name }) => name).filter((name) => !tested.has(name)),
    [],
  );
});

test('every rule names its source, and the README lists every one', () => {
  const readme = readFileSync(join(__dirname, '../../local-org/README.md'), 'utf8');
  for (const { name, source } of RULES) {
    assert.ok(source.length > 10, name);
    assert.ok(readme.includes(`\`${name}\``), `the README does not name ${name}`);
  }
});

// What sources say deploys although it cannot work, or what no source says is refused.
describe('what Salesforce lets pass, passes', () => {
  const lenient: Readonly<Record<string, () => Files | Promise<Files>>> = {
    'verification without any authorization': () => channel('<authMode>Auth</authMode>'),
    'an authorization that is not enabled': () => channel(verified.replace('<enabled>true</enabled>', '')),
    'authorizations on a channel without verification': () => channel(verified.replace('>Auth<', '>UnAuth<')),
    'an authorization of type AuthProvider': () =>
      channel(verified.replace(/PublicKeyCertificateSet<\/authorizationType>/, 'AuthProvider</authorizationType>')),
    'a key with private members': () => key((it) => ({ ...it, d: 'secret', p: 'x', y: 'y', crv: 'crv', k: 'k' })),
    'a key that is not active': async () => ({
      [PATHS.key]: (await goodKey())[PATHS.key]?.replace('<isActive>true</isActive>', '') ?? '',
    }),
    'a keyset without issuer': () => ({ [PATHS.keyset]: sample.keysetXml().replace(/.*jwtIssuer.*\n/, '') }),
    'an empty keyset of keys': () => keyset('', 'JWKS'),
    'an endpoint on a Salesforce host': () =>
      keyset('<jwksEndPoint>https://x.my.salesforce.com/id/keys</jwksEndPoint>', 'JWKS_URL'),
  };
  for (const [what, files] of Object.entries(lenient)) {
    test(what, async () => {
      const org = await startLocalOrg({ alias: 'dev', kind: 'sandbox', port: 0, loginKey });
      try {
        assert.deepEqual((await new Client(org, await tokenFor(org)).deploy(await files())).failures, []);
      } finally {
        await org.close();
      }
    });
  }
});

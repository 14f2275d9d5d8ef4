import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { startLocalOrg, type LocalOrg } from '../../local-org/index';
import { RULES } from '../../local-org/rules';
import { channel, CHANNEL_CASES, verified } from './channel-cases';
import { Client, loginKey, logIn } from './client';
import type { Files } from './package-zip';
import { validKey, key, KEY_CASES, keyset } from './key-cases';
import * as sample from './samples';
import { PATHS } from './samples';

const CASES = [...KEY_CASES, ...CHANNEL_CASES];

describe('rules', () => {
  let org: LocalOrg;
  let client: Client;

  before(async () => {
    org = await startLocalOrg({ alias: 'dev', kind: 'sandbox', port: 0, loginKey });
    client = new Client(org, await logIn(org));
  });
  after(() => org.close());

  // Validations leave the org empty, so that no case depends on another one.
  for (const { rule, breaks, keeps, problem } of CASES) {
    test(`${rule}: ${problem.source.slice(0, 60)}`, async () => {
      const broken = await client.deploy(await breaks(), { checkOnly: true });
      assert.equal(broken.status, 'Failed');
      assert.equal(broken.failures.length, 1, JSON.stringify(broken.failures));
      assert.match(broken.failures[0]?.problem ?? '', problem);
      assert.deepEqual((await client.deploy(await keeps(), { checkOnly: true })).failures, []);
    });
  }

  test('requires Configure Messaging and View Setup for a channel', async () => {
    const weak = await startLocalOrg({
      alias: 'weak',
      kind: 'sandbox',
      port: 0,
      loginKey,
      permissions: { ViewSetup: false },
    });
    try {
      const report = await new Client(weak, await logIn(weak)).deploy(sample.verifiedChannel);
      assert.match(report.failures[0]?.problem ?? '', /insufficient access rights/);
    } finally {
      await weak.close();
    }
  });
});

test('has a valid and an invalid case for each rule', () => {
  const tested = new Set([
    ...CASES.map(({ rule }) => rule),
    'channel-needs-messaging-permissions',
    'web-deployment-site-is-immutable',
  ]);
  assert.deepEqual(
    RULES.map(({ name }) => name).filter((name) => !tested.has(name)),
    [],
  );
});

test('lists each rule in README.md, and no other', () => {
  const readme = readFileSync(join(__dirname, '../../local-org/README.md'), 'utf8');
  const rows = [...readme.matchAll(/^\| `([\w-]+)` +\|.*\| ([\w ]+?) +\| (ours|Salesforce's) +\|$/gm)];
  const written = rows.map(([, name, certainty, text]) => [name, certainty, text === "Salesforce's"]);
  const rules = RULES.map(({ name, certainty, textKnown }) => [name, certainty, textKnown]);
  assert.deepEqual(written.sort(), rules.sort());
});

// Metadata that deploys according to sources although it verifies no user, or that no source describes as rejected.
describe('accepts metadata that Salesforce accepts', () => {
  const lenient: Readonly<Record<string, () => Files | Promise<Files>>> = {
    'verification without any authorization': () => channel('<authMode>Auth</authMode>'),
    'an authorization that is not enabled': () => channel(verified.replace('<enabled>true</enabled>', '')),
    'authorizations on a channel without verification': () => channel(verified.replace('>Auth<', '>UnAuth<')),
    'an authorization of type AuthProvider': () =>
      channel(verified.replace(/PublicKeyCertificateSet<\/authorizationType>/, 'AuthProvider</authorizationType>')),
    'a key with private members': () => key((it) => ({ ...it, d: 'secret', p: 'x', y: 'y', crv: 'crv', k: 'k' })),
    'a key that is not active': async () => ({
      [PATHS.key]: (await validKey())[PATHS.key]?.replace('<isActive>true</isActive>', '') ?? '',
    }),
    'a keyset without issuer': () => ({ [PATHS.keyset]: sample.keysetXml().replace(/.*jwtIssuer.*\n/, '') }),
    'an empty keyset of keys': () => keyset('', 'JWKS'),
    'a channel of type Text with an empty handler': () => ({
      'messagingChannels/Texts.messagingChannel':
        '<MessagingChannel xmlns="http://soap.sforce.com/2006/04/metadata" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><masterLabel>Texts</masterLabel><messagingChannelType>Text</messagingChannelType><sessionHandlerType xsi:nil="true"/></MessagingChannel>',
    }),
    'an origin with an IP address': () => ({ [PATHS.origin]: sample.originXml('http://192.168.1.175:3000') }),
    'an origin with a wildcard without a dot': () => ({ [PATHS.origin]: sample.originXml('https://*my.site.com') }),
    'an endpoint on a Salesforce host': () =>
      keyset('<jwksEndPoint>https://x.my.salesforce.com/id/keys</jwksEndPoint>', 'JWKS_URL'),
  };
  for (const [what, files] of Object.entries(lenient)) {
    test(what, async () => {
      const org = await startLocalOrg({ alias: 'dev', kind: 'sandbox', port: 0, loginKey });
      try {
        assert.deepEqual((await new Client(org, await logIn(org)).deploy(await files())).failures, []);
      } finally {
        await org.close();
      }
    });
  }
});

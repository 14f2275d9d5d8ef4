import assert from 'node:assert/strict';
import { join } from 'node:path';
import { readFileSync, writeFileSync } from 'node:fs';
import { before, describe, test } from 'node:test';
import type { OrgDocument } from '../commands/document-schemas';
import { writeEvents } from '../commands/fleet';
import { shareWorkspace } from '../commands/workspace';
import { startTestOrgs, type TestOrgs } from './test-orgs';

const workspace = shareWorkspace();

let testOrgs: TestOrgs;
before(async () => {
  testOrgs = await startTestOrgs(workspace, { dev: {} });
});

const checkStates = ({ checks }: OrgDocument, part: string): readonly string[] => [
  ...new Set(checks.filter((check) => check.part === part).map(({ state }) => state ?? '')),
];

const CHECK_GROUPS = ['configuration', 'acceptance', 'rejection', 'consistency'];

describe('verify', () => {
  test('passes every check of a valid org with a private key and changes nothing', async () => {
    const { fleet, keyFile } = testOrgs;
    const start = fleet.org('dev').log.length;
    const ran = await fleet.run('verify', { privateKey: keyFile });
    assert.equal(ran.exit, 0, ran.shown);
    assert.deepEqual(
      CHECK_GROUPS.map((part) => checkStates(ran.org('dev'), part)),
      CHECK_GROUPS.map(() => ['passed']),
    );
    const namesOn = (channel: string): readonly string[] =>
      ran.org('dev').checks.flatMap((check) => (check.channel === channel ? [check.name] : []));
    const everywhere = ['accepted', 'alg none', 'known kid, wrong key', 'no token', 'unverified user'];
    for (const channel of ['Web_Chat', 'Mobile_Chat'])
      assert.deepEqual(
        everywhere.filter((name) => !namesOn(channel).includes(name)),
        [],
      );
    assert.deepEqual(
      ['expired', 'RS384', 'embedded jwk'].map(
        (name) => ran.org('dev').checks.filter((check) => check.name === name).length,
      ),
      [1, 1, 1],
      'both channels have the same keyset, so one of them gets every forged token',
    );
    const { readFrom = '', readTo = '', ...scope } = ran.org('dev').verified ?? assert.fail();
    assert.ok(readFrom < readTo);
    assert.match(ran.shown.replace(/\s+/g, ' '), /The trust was read from 2.* UTC to 2.* UTC\. Later changes/);
    assert.deepEqual(scope, {
      verifiedChannels: 2,
      unverifiedChannels: 1,
      inactiveChannels: 0,
      chatDeployments: 3,
    });
    assert.match(ran.shown, /^VERIFIED: dev \(2 verified channels, 1 unverified channel, 3 chat deployments\)\.$/m);
    const events = fleet.org('dev').log.slice(start);
    assert.deepEqual(writeEvents(fleet.org('dev'), start), []);
    const granted = events.filter(({ kind, detail }) => kind === 'exchange' && detail['granted'] === true).length;
    assert.equal(granted, 3, 'one token per chat deployment');
    assert.equal(events.filter(({ kind }) => kind === 'revoke').length, granted, 'each is revoked');
  });

  test('reports acceptance checks as inconclusive without a token', async () => {
    const ran = await testOrgs.fleet.run('verify');
    assert.equal(ran.exit, 0, ran.shown);
    const verified = ran.org('dev').checks.filter(({ channel }) => channel !== 'Guest_Web_Chat');
    assert.deepEqual(checkStates({ ...ran.org('dev'), checks: verified }, 'acceptance'), ['inconclusive']);
    assert.deepEqual(checkStates(ran.org('dev'), 'configuration'), ['passed']);
    assert.ok(ran.org('dev').checks.every(({ ok, state }) => ok === (state === 'passed' || state === undefined)));
    assert.match(ran.shown, /INCONCLUSIVE: dev \(2 verified channels, /);
  });

  test('fails without acceptance checks with --require acceptance', async () => {
    const ran = await testOrgs.fleet.run('verify', { require: ['acceptance'] });
    assert.deepEqual([ran.exit, ran.org('dev').status, ran.org('dev').error?.code], [1, 'failed', 'verify-failed']);
  });

  test('gets a token for the given subject from the token command', async () => {
    const script = join(workspace.folder, 'issuer.mjs');
    writeFileSync(script, ISSUER_SCRIPT);
    const ran = await testOrgs.fleet.run('verify', {
      tokenCommand: `"${process.execPath}" '${script}' ${testOrgs.keyFile}`,
      subject: 'someone else',
    });
    assert.equal(ran.exit, 0, ran.shown);
    assert.deepEqual(checkStates(ran.org('dev'), 'acceptance'), ['passed']);
    const customer = ran.org('dev').checks.find(({ name }) => name === 'expected customer');
    assert.equal(customer?.detail, 'v2/iamessage/AUTH/Customer/uid:someone else');
  });
});

describe('an org with 30 channels and a limit of token requests', () => {
  const channels = Array.from({ length: 30 }, (_, index) => `Chat_${index + 1}`);
  /** The minute of the budget and of the limit is 2 seconds here. */
  const BUDGET = { tokenBudget: '60/2s' };

  before(async () => {
    const { fleet } = testOrgs;
    for (const type of [
      'messagingChannels/Web_Chat.messagingChannel',
      'EmbeddedServiceConfig/Web_Chat.EmbeddedServiceConfig',
    ]) {
      const file = (name: string): string =>
        join(fleet.project, 'force-app/main/default', `${type.replace('Web_Chat', name)}-meta.xml`);
      const content = readFileSync(file('Web_Chat'), 'utf8');
      for (const name of channels) writeFileSync(file(name), content.replaceAll('Web_Chat', name));
    }
    // A stricter limit than Salesforce's 200: a verification without a budget exceeds it.
    const chatApi = { tokenLimit: { requests: 150, milliseconds: 2_000 } };
    await fleet.add('many', { chatApi, config: { channels } });
  });

  const limited = (start: number): number =>
    testOrgs.fleet
      .org('many')
      .log.slice(start)
      .filter(({ detail }) => detail['reason'] === 'token-limit').length;

  test('is deployed and verified, and verified again, without a 429', async () => {
    const { fleet, keyFile } = testOrgs;
    const many = { org: ['many'], privateKey: keyFile, ...BUDGET };
    const deployed = await fleet.deployAccepted({ ...many, verify: true });
    assert.deepEqual([deployed.exit, deployed.org('many').status], [0, 'changed'], deployed.shown);
    const verified = await fleet.run('verify', many);
    assert.equal(verified.exit, 0, verified.shown);
    assert.match(verified.shown, /^VERIFIED: many \(30 verified channels, 30 chat deployments\)\.$/m);
    assert.equal(limited(0), 0);
  });

  test('is inconclusive if the budget exceeds the limit, and gets no request after the first 429s', async () => {
    const start = testOrgs.fleet.org('many').log.length;
    // A slow machine needs more than 2 seconds for 150 requests.
    testOrgs.fleet.org('many').setChatApi({ tokenLimit: { requests: 150, milliseconds: 600_000 } });
    const many = { org: ['many'], privateKey: testOrgs.keyFile, tokenBudget: '1000/1s' };
    const ran = await testOrgs.fleet.run('verify', many);
    assert.match(ran.shown, /^INCONCLUSIVE: many/m);
    assert.ok(limited(start) >= 1 && limited(start) <= 10, `${limited(start)} requests got 429`);
    assert.match(ran.shown.replace(/\s+/g, ' '), /Not sent: the org responded with 429/);
  });
});

/** A token service that uses only node:crypto and reads its settings from the environment. */
const ISSUER_SCRIPT = `
import { createSign } from 'node:crypto';
import { readFileSync } from 'node:fs';
const { TOKEN_ORG, TOKEN_CHANNEL, TOKEN_SUBJECT, TOKEN_ISSUER, TOKEN_KID } = process.env;
if (TOKEN_ORG !== 'dev' || !TOKEN_CHANNEL) process.exit(1);
const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const iat = Math.floor(Date.now() / 1000);
const text = part({ alg: 'RS256', kid: TOKEN_KID }) + '.' + part({ iss: TOKEN_ISSUER, sub: TOKEN_SUBJECT, iat, exp: iat + 60 });
console.error('noise on standard error');
console.log(text + '.' + createSign('RSA-SHA256').update(text).sign(readFileSync(process.argv[2]), 'base64url'));
`;

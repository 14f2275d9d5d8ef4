import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { TokenDefect } from '../../local-org/chat-api-settings';
import type { OrgSetup } from '../commands/fleet';
import type { CommandResult } from '../commands/run-command';
import { createWorkspace } from '../commands/workspace';
import { startTestOrgs, type TestOrgs } from './test-orgs';

const workspace = createWorkspace();

/** What an org wrongly accepts, and the refusals that have to notice it. */
const ACCEPTED_DEFECTS: Partial<Record<TokenDefect, readonly string[]>> = {
  kid: ['unknown kid'],
  signature: ['known kid, wrong key'],
  issuer: ['issuer slash mismatch'],
  expiry: ['expired'],
  hs256: ['HS256'],
  'alg-none': ['alg none'],
  'no-token': ['no token', 'unverified user'],
};

const permissiveAlias = (flaw: string): string => `lax-${flaw}`;

let testOrgs: TestOrgs;
let ran: CommandResult;
before(async () => {
  const lax = Object.keys(ACCEPTED_DEFECTS).map((flaw): [string, OrgSetup] => [
    permissiveAlias(flaw),
    { chatApi: { accept: [flaw as TokenDefect] } },
  ]);
  testOrgs = await startTestOrgs(workspace, {
    ...Object.fromEntries(lax),
    silent: { chatApi: { badToken: 'unverified' } },
  });
  ran = await testOrgs.fleet.run('verify', { privateKey: testOrgs.keyFile });
});

const failedChecks = (alias: string, channel: string): readonly string[] =>
  ran
    .org(alias)
    .checks.filter((check) => check.channel === channel && check.state === 'failed')
    .map(({ name }) => name)
    .sort();

describe('a lax org is found out', () => {
  for (const [flaw, names] of Object.entries(ACCEPTED_DEFECTS)) {
    test(`one that accepts ${flaw} fails at ${names.join(' and ')}, and at nothing else`, () => {
      assert.deepEqual(
        [failedChecks(permissiveAlias(flaw), 'Web_Chat'), failedChecks(permissiveAlias(flaw), 'Mobile_Chat')],
        [names, names],
        ran.shown,
      );
      const { status, checks } = ran.org(permissiveAlias(flaw));
      assert.equal(status, 'failed');
      assert.ok(checks.filter(({ state }) => state === 'failed').every(({ detail }) => /^ACCEPTED/.test(detail)));
      const { log } = testOrgs.fleet.org(permissiveAlias(flaw));
      const granted = log.filter(({ kind, detail }) => kind === 'exchange' && detail['granted'] === true).length;
      assert.equal(
        log.filter(({ kind }) => kind === 'revoke').length,
        granted,
        'what was handed out by mistake is revoked',
      );
      assert.ok(granted > 2);
    });
  }

  test('one that gives a guest to every bad token is told as "not verified", and guests without a token as a failure', () => {
    assert.deepEqual(failedChecks('silent', 'Web_Chat'), ['no token']);
    const forged = ran.org('silent').checks.filter(({ part, name }) => part === 'rejection' && name === 'HS256');
    assert.ok(
      forged.every(({ ok, detail }) => ok && /^Not verified: the runtime gave a guest's token instead/.test(detail)),
    );
  });

  test('the command fails as a whole', () => assert.equal(ran.exit, 1));
});

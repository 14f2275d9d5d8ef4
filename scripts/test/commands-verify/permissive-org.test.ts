import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { TokenDefect } from '../../local-org/chat-api-settings';
import type { OrgSetup } from '../commands/fleet';
import type { CommandResult } from '../commands/run-command';
import { createWorkspace } from '../commands/workspace';
import { startTestOrgs, type TestOrgs } from './test-orgs';

const workspace = createWorkspace();

/** Defects that an org wrongly accepts, and the checks that must fail. */
const ACCEPTED_DEFECTS: Partial<Record<TokenDefect, readonly string[]>> = {
  kid: ['unknown kid'],
  signature: ['known kid, wrong key'],
  'issuer-slash': ['issuer slash mismatch'],
  expiry: ['expired'],
  hs256: ['HS256'],
  'alg-none': ['alg none'],
  'no-token': ['no token'],
  'unverified-user': ['unverified user'],
};

const permissiveAlias = (defect: string): string => `permissive-${defect}`;

let testOrgs: TestOrgs;
let result: CommandResult;
before(async () => {
  const permissiveOrgs = Object.keys(ACCEPTED_DEFECTS).map((defect): [string, OrgSetup] => [
    permissiveAlias(defect),
    { chatApi: { accept: [defect as TokenDefect] } },
  ]);
  testOrgs = await startTestOrgs(workspace, {
    ...Object.fromEntries(permissiveOrgs),
    unverified: { chatApi: { badToken: 'unverified' } },
  });
  result = await testOrgs.fleet.run('verify', { privateKey: testOrgs.keyFile });
});

const failedChecks = (alias: string, channel: string): readonly string[] =>
  result
    .org(alias)
    .checks.filter((check) => check.channel === channel && check.state === 'failed')
    .map(({ name }) => name)
    .sort();

describe('an org that accepts a token with a defect', () => {
  for (const [defect, names] of Object.entries(ACCEPTED_DEFECTS)) {
    test(`fails only at ${names.join(' and ')} for ${defect}`, () => {
      assert.deepEqual(
        [failedChecks(permissiveAlias(defect), 'Web_Chat'), failedChecks(permissiveAlias(defect), 'Mobile_Chat')],
        [names, names],
        result.shown,
      );
      const { status, checks } = result.org(permissiveAlias(defect));
      assert.equal(status, 'failed');
      assert.ok(checks.filter(({ state }) => state === 'failed').every(({ detail }) => /^ACCEPTED/.test(detail)));
      const { log } = testOrgs.fleet.org(permissiveAlias(defect));
      const granted = log.filter(({ kind, detail }) => kind === 'exchange' && detail['granted'] === true).length;
      assert.equal(
        log.filter(({ kind }) => kind === 'revoke').length,
        granted,
        'each wrongly granted access token is revoked',
      );
      assert.ok(granted > 2);
    });
  }

  test('fails at "no token" only if it grants unverified access for every forged token', () => {
    assert.deepEqual(failedChecks('unverified', 'Web_Chat'), ['no token']);
    const forged = result.org('unverified').checks.filter(({ part, name }) => part === 'rejection' && name === 'HS256');
    assert.ok(
      forged.every(
        ({ ok, detail }) => ok && /^Not verified: the org granted an access token for an unverified user/.test(detail),
      ),
    );
  });

  test('makes verify exit with 1', () => assert.equal(result.exit, 1));
});

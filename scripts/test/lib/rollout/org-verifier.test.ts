import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { mapOf, type Check, type Component, type OrgResult } from '../../../lib/model';
import { monitorOptions } from '../../../lib/commands/monitor';
import { createVerifier, type OrgVerifier, type VerifierContext } from '../../../lib/rollout/org-verifier';
import type { VerifyFlags } from '../../../lib/verification/verify-flags';
import type { PlannedOrg } from '../../../lib/rollout';
import { capturedContext } from '../captured-context';
import { startFakeChatApi, type FakeChatApi } from '../chat-api/fake-chat-api';
import { key, keyset } from '../explain/test-org';
import { FakeSf } from '../fake-sf';
import { keyPair, publicJwk } from '../jwk/test-keys';
import { orgUnderTest, fakeOrgHandler } from '../verification/fake-org';
import { filesOf } from './fleet-fixture';

let fake: FakeChatApi;
before(async () => {
  fake = await startFakeChatApi();
});
after(() => fake.close());

const check = (name: string): Check => ({ name, ok: true, detail: name });

const contextWith = (flags: VerifyFlags): VerifierContext => ({
  flags: { project: '', ...flags },
  log: () => undefined,
});

/**
 * The verified result of an org that was planned with the checks identity and permissions. `added` are components that were added
 * after the org was read.
 */
async function verify(
  url = fake.url,
  missingPermissions: readonly string[] = [],
  added: readonly Component[] = [],
  verifier = createVerifier(contextWith({ allowLoopback: true })),
): Promise<OrgResult> {
  fake.handle = fakeOrgHandler();
  const { desired, live } = await orgUnderTest(fake);
  const org = { ...desired.org, scrt2URL: url };
  const facts = { ...live.facts, missingPermissions };
  const { alias, orgId, kind, wave } = org;
  const result: OrgResult = {
    alias,
    orgId,
    kind,
    wave,
    status: 'unchanged',
    changes: [],
    deployIds: [],
    checks: [check('identity'), check('permissions')],
  };
  const plan = {
    org,
    facts,
    changes: [],
    undeclaredTrust: [],
    toDeploy: new Map(),
    toDelete: [],
    deactivate: [],
    activate: [],
    publish: [],
  };
  const planned: PlannedOrg = {
    desired: { ...desired, org },
    result,
    plan,
    readAt: 0,
    live: { ...live, facts, missing: [] },
  };
  const now = mapOf([...live.components.values(), ...added]);
  const files = { 'queues/Customer_Chat.queue': '<Queue/>', ...filesOf(...now.values()) };
  const sf = new FakeSf({ uat: { orgId, files } });
  return verifier(sf, planned, result);
}

test('a verified result has the checks of the plan, and permissions once', async () => {
  const { status, checks } = await verify();
  assert.equal(status, 'unchanged');
  const names = checks.map(({ name }) => name);
  assert.deepEqual(
    ['identity', 'permissions'].map((name) => names.filter((each) => each === name).length),
    [1, 1],
  );
});

test('an org whose keyset gets a key while it is verified fails its trust check', async () => {
  const added = [keyset('Customer_Identity', ['Web_2026', 'Rogue']), key('Rogue', await publicJwk(keyPair('Rogue')))];
  const { status, checks, verified } = await verify(fake.url, [], added);
  assert.equal(status, 'failed');
  assert.match(
    checks.find(({ name }) => name === 'trust')?.detail ?? '',
    /^Added while the org was verified: Tokens signed with Rogue are accepted on Web_Chat for any customer/,
  );
  assert.equal(verified?.readFrom, new Date(0).toISOString());
});

test('an org that misses a permission fails, and its error names the check', async () => {
  const { status, error } = await verify(fake.url, ['Modify Metadata']);
  assert.deepEqual([status, error?.code], ['failed', 'verify-failed']);
  assert.match(error?.why ?? '', /permissions/);
});

test('an Enhanced Chat API without a response makes the org unreachable', async () => {
  const { status, error } = await verify('http://127.0.0.1:1');
  assert.deepEqual([status, error?.code], ['unreachable', 'chat-api-unreachable']);
});

test('an org fails if no published settings can be read, also without a token', async (t) => {
  const proxy = await startFakeChatApi();
  t.after(() => proxy.close());
  proxy.handle = (_request, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>');
  const { status, error, checks } = await verify(proxy.url);
  assert.deepEqual([status, error?.code], ['failed', 'verify-failed']);
  assert.match(error?.why ?? '', /published/);
  assert.equal(checks.find(({ name }) => name === 'published')?.state, 'inconclusive');
});

test('an unknown check group, or two token sources, are an invalid flag', () => {
  assert.throws(() => createVerifier(contextWith({ require: ['acceptanse'] })), { code: 'invalid-flag', exit: 3 });
  assert.throws(() => createVerifier(contextWith({ tokenCommand: 'COMMAND' })), { code: 'invalid-flag', exit: 3 });
  assert.throws(() => createVerifier(contextWith({ tokenCommand: 'x', privateKey: 'y' })), {
    code: 'invalid-flag',
    exit: 3,
  });
});

/** All commands that verify, with the verifier that each of them creates. */
const VERIFYING: Readonly<Record<string, (context: ReturnType<typeof contextWithBudget>) => OrgVerifier>> = {
  'verify, deploy --verify and post-refresh': createVerifier,
  monitor: (context) => monitorOptions(context).verifier,
};

/** Fewer requests than a verification sends, so that it waits once. */
const contextWithBudget = (progress: string[]) =>
  capturedContext(
    {
      org: [],
      project: '',
      json: false,
      allowLoopback: true,
      tokenBudget: '10/2s',
      runs: '.runs',
      since: '24h',
      minVerified: '95',
      minChats: 20,
      maxDrop: '5',
      within: 30,
    },
    { shown: [], documents: [], questions: [], progress },
  );

for (const [command, verifierOf] of Object.entries(VERIFYING))
  test(`${command} reports that an org waits for its token budget, how long, and why`, async () => {
    const progress: string[] = [];
    await verify(fake.url, [], [], verifierOf(contextWithBudget(progress)));
    assert.match(
      progress[0] ?? '',
      /^ {2}uat: waiting for the token budget: \d+ token requests left, .* so at least \d+ seconds\. The customers of the org/,
    );
  });

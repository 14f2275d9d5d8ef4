import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { mapOf, type Check, type Component, type OrgResult } from '../../../lib/model';
import { createVerifier } from '../../../lib/rollout/org-verifier';
import type { PlannedOrg } from '../../../lib/rollout';
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

/**
 * The verified result of an org that was planned with the checks identity and permissions. `added` are components that were added
 * after the org was read.
 */
async function verify(
  url = fake.url,
  missingPermissions: readonly string[] = [],
  added: readonly Component[] = [],
): Promise<OrgResult> {
  fake.handle = fakeOrgHandler();
  const { desired, live } = await orgUnderTest(fake);
  const org = { ...desired.org, scrt2URL: url };
  const facts = { ...live.facts, missingPermissions };
  const { alias, orgId, kind, wave } = org;
  const result: OrgResult = {
    ...{ alias, orgId, kind, wave, status: 'unchanged', changes: [], deployIds: [] },
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
    ...{ desired: { ...desired, org }, result, plan, readAt: 0 },
    live: { ...live, facts, missing: [] },
  };
  const now = mapOf([...live.components.values(), ...added]);
  const files = { 'queues/Customer_Chat.queue': '<Queue/>', ...filesOf(...now.values()) };
  const sf = new FakeSf({ uat: { orgId, files } });
  return createVerifier({ allowLoopback: true, project: '' })(sf, planned, result);
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

test('an unknown check group, or two token sources, are an invalid flag', () => {
  assert.throws(() => createVerifier({ require: ['acceptanse'], project: '' }), { code: 'invalid-flag', exit: 3 });
  assert.throws(() => createVerifier({ tokenCommand: 'x', privateKey: 'y', project: '' }), {
    code: 'invalid-flag',
    exit: 3,
  });
});

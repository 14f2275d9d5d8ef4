import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Check, OrgResult } from '../../../lib/model';
import { createVerifier } from '../../../lib/rollout/org-verifier';
import type { PlannedOrg } from '../../../lib/rollout';
import { startFakeChatApi, type FakeChatApi } from '../chat-api/fake-chat-api';
import { FakeSf } from '../fake-sf';
import { orgUnderTest, fakeOrgHandler } from '../verification/fake-org';

let fake: FakeChatApi;
before(async () => {
  fake = await startFakeChatApi();
});
after(() => fake.close());

const check = (name: string): Check => ({ name, ok: true, detail: name });

/** The verified result of an org that was planned with the checks identity and permissions. */
async function verify(url = fake.url, missingPermissions: readonly string[] = []): Promise<OrgResult> {
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
  const sf = new FakeSf({ uat: { orgId, files: { 'queues/Customer_Chat.queue': '<Queue/>' } } });
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

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EXIT, ToolError } from '../../../lib/errors';
import type { OrgStatus, Plan } from '../../../lib/model';
import { exitCodeOf, failedResult, orgResult, planChecks, trustChecks } from '../../../lib/rollout/org-result';
import { desiredState, ORG } from '../org/org-samples';

const TEXT = { what: 'What.', why: 'Why.', fix: 'Fix.' };
const exitOf = (...statuses: readonly OrgStatus[]): number =>
  exitCodeOf(statuses.map((status) => orgResult(desiredState(), status)));

test('undeclared trust names how to accept it, except user verification that is off', () => {
  const off = {
    component: 'MessagingChannel:Web',
    channels: [],
    consequence: 'User verification is off on Web.',
  } as const;
  const key = { component: 'MessagingChannel:Web', channels: ['Web'], consequence: 'Rogue is accepted.' } as const;
  const detailOf = (...undeclaredTrust: Plan['undeclaredTrust']) => trustChecks({ undeclaredTrust })[0]?.detail;
  assert.equal(detailOf(), undefined);
  assert.equal(detailOf(off), 'User verification is off on Web.');
  assert.equal(
    detailOf(off, key),
    'User verification is off on Web. Rogue is accepted. To accept trust, add it to "alsoTrusted" in the org file.',
  );
});

test('the exit code follows the worst result', () => {
  assert.equal(exitOf(), 0);
  assert.equal(exitOf('unchanged', 'changed', 'skipped'), 0);
  assert.equal(exitOf('planned', 'unchanged'), 2);
  assert.equal(exitOf('planned', 'unreachable'), 4);
  assert.equal(exitOf('unreachable', 'failed', 'planned'), 1);
  assert.equal(exitOf('unknown', 'unreachable'), 1);
});

test('the result of an org has its alias, org ID, kind and wave, and empty lists', () => {
  assert.deepEqual(orgResult({ org: { ...ORG, wave: 3 } }, 'unchanged'), {
    alias: 'dev',
    orgId: '00D000000000001EAA',
    kind: 'sandbox',
    wave: 3,
    status: 'unchanged',
    changes: [],
    deployIds: [],
    checks: [],
  });
});

test('an error becomes the status of the org', () => {
  const statusOf = (thrown: unknown) => failedResult(desiredState(), thrown).status;
  assert.equal(statusOf(new ToolError('deploy-failed', TEXT)), 'failed');
  assert.equal(statusOf(new ToolError('deploy-unknown', TEXT)), 'unknown');
  assert.equal(statusOf(new ToolError('deploy-unknown', TEXT, { exit: EXIT.unreachable })), 'unknown');
  assert.equal(statusOf(new ToolError('org-unreachable', TEXT, { exit: EXIT.unreachable })), 'unreachable');
  assert.equal(statusOf(new TypeError('x')), 'failed');
});

test('a failed result keeps the error and the details', () => {
  const result = failedResult(desiredState(), new ToolError('deploy-failed', TEXT), { deployIds: ['0Af1'] });
  assert.deepEqual([result.error, result.deployIds], [{ code: 'deploy-failed', ...TEXT }, ['0Af1']]);
});

test('the checks of a plan tell the identity, missing permissions and publications', () => {
  const plan = (missingPermissions: readonly string[], publish: readonly string[]): Plan => ({
    org: ORG,
    facts: { orgId: ORG.orgId, kind: 'sandbox', name: '', missingPermissions },
    changes: [],
    undeclaredTrust: [],
    toDeploy: new Map(),
    toDelete: [],
    deactivate: [],
    activate: [],
    publish,
  });
  const checks = (...args: Parameters<typeof plan>) => planChecks(plan(...args)).map(({ name, ok }) => [name, ok]);
  assert.deepEqual(checks([], []), [
    ['identity', true],
    ['permissions', true],
  ]);
  assert.deepEqual(checks(['View Setup'], ['Site']), [
    ['identity', true],
    ['permissions', false],
    ['to publish', true],
  ]);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Change, OrgResult } from '../../../lib/model';
import { withoutPlannedChanges } from '../../../lib/commands/verify';
import { exitCodeOf } from '../../../lib/rollout/org-result';

const CHANGE: Change = {
  component: 'Queue:Chat',
  action: 'update',
  path: 'name',
  from: 'Chat',
  to: 'Talk',
  impact: 'none',
  effect: '',
};
const RESULT: OrgResult = {
  alias: 'dev',
  orgId: '00D000000000001EAA',
  kind: 'sandbox',
  wave: 1,
  status: 'planned',
  changes: [CHANGE],
  deployIds: [],
  checks: [],
};

test('verify ends with exit code 0 for an org that a plan would change', () => {
  const result = withoutPlannedChanges(RESULT);
  assert.deepEqual([result.status, result.changes, exitCodeOf([result])], ['unchanged', [], 0]);
});

test('verify keeps the result of an org that could not be read', () => {
  const unreachable = { ...RESULT, status: 'unreachable', changes: [] } as const;
  assert.equal(withoutPlannedChanges(unreachable), unreachable);
});

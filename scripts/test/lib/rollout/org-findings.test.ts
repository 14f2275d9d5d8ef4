import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DesiredState, type OrgKind } from '../../../lib/model';
import { orgFindings } from '../../../lib/rollout/org-findings';
import { NOW } from '../jwk/test-keys';
import { ORG } from '../org/org-samples';
import { liveState } from '../plan/live-org';

const live = { ...liveState({}, true), missing: [] };
const org = (alias: string, kind: OrgKind): DesiredState => ({
  org: { ...ORG, alias, file: `config/orgs/${alias}.json`, kind },
  components: live.components,
  compromised: [],
});
const production = [org('prod', 'production')];

const rulesOf = (desired: DesiredState): ReadonlySet<string> => {
  const result = { ...desired.org, status: 'unchanged', changes: [], deployIds: [], checks: [] } as const;
  return new Set(orgFindings({ desired, live, result, readAt: 0 }, production, NOW).map(({ rule }) => rule));
};

test('a sandbox that trusts what production trusts has a finding, and production itself has none', () => {
  assert.ok(rulesOf(org('uat', 'sandbox')).has('production-trust'));
  assert.ok(!rulesOf(org('prod', 'production')).has('production-trust'));
});

test('an org that was not read has no findings', () => {
  const desired = org('uat', 'sandbox');
  const result = { ...desired.org, status: 'unreachable', changes: [], deployIds: [], checks: [] } as const;
  assert.deepEqual(orgFindings({ desired, result, readAt: 0 }, production, NOW), []);
});

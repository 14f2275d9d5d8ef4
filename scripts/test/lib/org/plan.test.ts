import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ToolError } from '../../../lib/errors';
import { leaf, mapOf, parent, type Component, type OrgConfig } from '../../../lib/model';
import { planOrg } from '../../../lib/org';

const ORG: OrgConfig = {
  ...{ alias: 'dev', file: 'config/orgs/dev.json', orgId: '00D000000000001EAA', kind: 'sandbox', wave: 1 },
  ...{ channels: [], inactive: [], include: [], existing: [], overrides: new Map(), lines: new Map() },
};
const FACTS = { orgId: ORG.orgId, kind: ORG.kind, name: '', missingPermissions: [] };

const queue = (fullName: string, label = 'Chat'): Component => ({
  type: 'Queue',
  fullName,
  root: parent('Queue', [leaf('name', label)]),
});

const plan = (stated: Component, live: Component) =>
  planOrg(
    { org: ORG, components: mapOf([stated]) },
    { facts: FACTS, components: mapOf([live]), channels: new Map(), missing: [] },
  );

test('a name in another case is the same component to Salesforce, so it is refused rather than made anew', () => {
  assert.throws(
    () => plan(queue('Chat'), queue('chat')),
    (error) => error instanceof ToolError && error.code === 'name-case',
  );
});

test('a name in the same case is laid over, and nothing is left to do where it says the same', () => {
  assert.deepEqual(plan(queue('Chat'), queue('Chat')).changes, []);
  assert.equal(plan(queue('Chat', 'Talk'), queue('Chat')).changes.length, 1);
});

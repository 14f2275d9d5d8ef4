import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asToolError } from '../../../../lib/errors';
import type { OrgConfig, OrgFacts } from '../../../../lib/model';
import { assertRefreshed, setOrgId } from '../../../../lib/commands/post-refresh/select-org';
import { ORG } from '../../org/org-samples';

const facts = (change: Partial<OrgFacts> = {}): OrgFacts => ({
  orgId: '00D000000000009EAA',
  kind: 'sandbox',
  name: 'Dev',
  missingPermissions: [],
  ...change,
});
const UAT: OrgConfig = { ...ORG, alias: 'uat', file: 'config/orgs/uat.json', orgId: '00D000000000002EAA' };

test('a sandbox with a new org ID, or with the recorded one, can be restored', () => {
  assertRefreshed(ORG, facts(), [UAT]);
  assertRefreshed(ORG, facts({ orgId: ORG.orgId }), [UAT]);
});

for (const [condition, live] of [
  ['is a production org', facts({ kind: 'production' })],
  ['is an org of another kind', facts({ kind: 'scratch' })],
  ['belongs to another org file', facts({ orgId: UAT.orgId })],
  ['belongs to another org file, by its 15-character ID', facts({ orgId: UAT.orgId.slice(0, 15) })],
] as const)
  test(`an org that ${condition} is rejected with exit code 4`, () => {
    assert.throws(
      () => assertRefreshed(ORG, live, [UAT]),
      (thrown) => {
        const { code, exit } = asToolError(thrown);
        assert.deepEqual([code, exit], ['org-mismatch', 4]);
        return true;
      },
    );
  });

test('setOrgId replaces the org ID and keeps the rest of the org file', () => {
  const text = '{\n  "orgId": "00D000000000001EAA", "kind": "sandbox",\n\n  "channels": ["Web"]\n}\n';
  assert.equal(setOrgId(text, '00D000000000009EAA'), text.replace('001EAA', '009EAA'));
});

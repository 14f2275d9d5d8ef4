import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OrgKind } from '../../../lib/model';
import { assertIdentity, missingPermissionError, readFacts } from '../../../lib/org';
import { fakeDev, ORG } from './org-samples';

const FACTS = { orgId: ORG.orgId, kind: ORG.kind, name: '', missingPermissions: [] };

/** The facts of an org whose Organization record has these fields. */
async function factsOf(record: object) {
  const { sf, org } = fakeDev();
  org.intercept('query', () => Promise.resolve([{ Id: ORG.orgId, Name: 'Acme', ...record }]));
  return readFacts(sf, 'dev');
}

const KINDS: readonly (readonly [record: object, kind: OrgKind])[] = [
  [{ IsSandbox: false, OrganizationType: 'Enterprise Edition' }, 'production'],
  [{ IsSandbox: true, TrialExpirationDate: null, OrganizationType: 'Enterprise Edition' }, 'sandbox'],
  [{ IsSandbox: true, TrialExpirationDate: '2026-12-24T00:00:00.000+0000' }, 'scratch'],
  [{ IsSandbox: false, OrganizationType: 'Developer Edition' }, 'developer'],
  [{ IsSandbox: true, OrganizationType: 'Developer Edition' }, 'sandbox'],
  [{ IsSandbox: false, TrialExpirationDate: '2026-12-24T00:00:00.000+0000' }, 'production'],
  [{ OrganizationType: 'Developer Edition' }, 'production'],
  [{ IsSandbox: null }, 'production'],
  [{}, 'production'],
];

for (const [record, kind] of KINDS)
  test(`readFacts counts an org with ${JSON.stringify(record)} as ${kind}`, async () => {
    assert.equal((await factsOf(record)).kind, kind);
  });

test('readFacts returns the org ID, the name and no missing permission', async () => {
  const facts = await factsOf({ IsSandbox: true });
  assert.deepEqual(facts, { orgId: ORG.orgId, kind: 'sandbox', name: 'Acme', missingPermissions: [] });
  assert.equal((await factsOf({ Name: null })).name, '');
});

for (const [field, label] of [
  ['PermissionsCustomizeApplication', 'Customize Application'],
  ['PermissionsConfigureLiveMessage', 'Configure Messaging'],
  ['PermissionsModifyMetadata', 'Modify Metadata Through Metadata API Functions'],
  ['PermissionsViewSetup', 'View Setup and Configuration'],
])
  test(`readFacts reports the missing permission ${label}`, async () => {
    const { sf } = fakeDev({ missingPermissions: [field ?? ''] });
    assert.deepEqual((await readFacts(sf, 'dev')).missingPermissions, [label]);
  });

test('readFacts counts all permissions as missing if the org returns none', async () => {
  const { sf, org } = fakeDev();
  org.intercept('query', (proceed) => proceed());
  org.intercept('query', () => Promise.resolve([]));
  assert.equal((await readFacts(sf, 'dev')).missingPermissions.length, 4);
});

test('readFacts throws org-mismatch if the org returns no ID', async () => {
  for (const rows of [[], [{ Name: 'Acme' }]]) {
    const { sf, org } = fakeDev();
    org.intercept('query', () => Promise.resolve(rows));
    await assert.rejects(readFacts(sf, 'dev'), { code: 'org-mismatch', fix: /View Setup and Configuration/ });
  }
});

test('missingPermissionError names the missing permissions, and is undefined if there are none', () => {
  assert.equal(missingPermissionError('dev', FACTS), undefined);
  const error = missingPermissionError('dev', { ...FACTS, missingPermissions: ['View Setup', 'Customize'] });
  assert.equal(error?.code, 'missing-permission');
  assert.match(error?.what ?? '', /"dev" is missing permissions: View Setup, Customize\./);
});

test('assertIdentity accepts the org ID with 15 and 18 characters', () => {
  assertIdentity(ORG, FACTS);
  assertIdentity(ORG, { ...FACTS, orgId: ORG.orgId.slice(0, 15) });
  assertIdentity({ ...ORG, orgId: ORG.orgId.slice(0, 15) }, FACTS);
});

test('assertIdentity rejects another org ID with exit code 4, and suggests post-refresh only outside production', () => {
  const other = { ...FACTS, orgId: '00D000000000002EAA' };
  assert.throws(() => assertIdentity(ORG, other), {
    code: 'org-mismatch',
    exit: 4,
    what: 'The login "dev" belongs to org 00D000000000002EAA, but "orgId" in config/orgs/dev.json is 00D000000000001EAA.',
    fix: /npm run post-refresh -- --org dev/,
  });
  const production = { ...ORG, kind: 'production' } as const;
  assert.throws(() => assertIdentity(production, { ...other, kind: 'production' }), {
    code: 'org-mismatch',
    fix: /^(?!.*post-refresh).*Log in to the right org/,
  });
});

test('assertIdentity distinguishes org IDs that differ only in case', () => {
  const config = { ...ORG, orgId: '00D00000000000aEAA' };
  assert.throws(() => assertIdentity(config, { ...FACTS, orgId: '00D00000000000AEAA' }), { code: 'org-mismatch' });
});

for (const [declared, actual, rejected] of [
  ['sandbox', 'production', true],
  ['developer', 'production', true],
  ['production', 'sandbox', true],
  ['production', 'scratch', true],
  ['production', 'production', false],
  ['sandbox', 'scratch', false],
  ['scratch', 'developer', false],
] as const)
  test(`assertIdentity ${rejected ? 'rejects' : 'accepts'} a ${actual} org that is declared as ${declared}`, () => {
    const check = (): void => assertIdentity({ ...ORG, kind: declared }, { ...FACTS, kind: actual });
    if (rejected)
      assert.throws(check, { code: 'org-mismatch', exit: 4, what: new RegExp(`"kind" .* is "${declared}"`) });
    else check();
  });

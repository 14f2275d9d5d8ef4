import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OrgContents } from '../../../lib/import/org-contents';
import { propose, type ProjectState } from '../../../lib/import/proposal';

const ONE = '00D000000000001EAA';
const OTHER = '00D000000000002EAA';

const contents = (alias: string, orgId: string): OrgContents =>
  ({
    alias,
    facts: { orgId },
    components: new Map(),
    channels: new Map(),
    foundReferences: new Set(),
  }) as unknown as OrgContents;

const project = (...orgs: readonly { readonly alias: string; readonly orgId: string }[]): ProjectState =>
  ({ orgs: orgs.map((org) => ({ ...org, file: `config/orgs/${org.alias}.json` })) }) as unknown as ProjectState;

const options = { channels: [], origins: false, webDeployments: false } as unknown as Parameters<typeof propose>[1];

const cases: readonly (readonly [string, readonly OrgContents[], ProjectState, RegExp])[] = [
  [
    'two aliases of one org',
    [contents('dev', ONE), contents('copy', ONE)],
    project(),
    /^"copy" and "dev" are the same org, 00D000000000001EAA\.$/,
  ],
  [
    'an alias for an org that has an org file of another alias',
    [contents('dev', ONE)],
    project({ alias: 'uat', orgId: ONE }),
    /^"dev" and "uat" are the same org/,
  ],
  [
    'an alias that is logged in to another org than its org file describes',
    [contents('dev', OTHER)],
    project({ alias: 'dev', orgId: ONE }),
    /config\/orgs\/dev\.json is 00D000000000001EAA, but "dev" is logged in to 00D000000000002EAA/,
  ],
];

for (const [name, allContents, state, what] of cases)
  test(`rejects ${name}`, () => {
    assert.throws(() => propose(allContents, options, state), { code: 'org-mismatch', what, exit: 4 });
  });

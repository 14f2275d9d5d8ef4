import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseJobDocument } from '../../../lib/pipeline/job-document';
import { FINDINGS, ORG_RESULTS } from '../report/samples';

const RUN = { command: 'deploy', startedAt: '2026-11-28T10:00:00.000Z', exitCode: 1 } as const;
const SCOPE = { verifiedChannels: 2, unverifiedChannels: 1, inactiveChannels: 0, chatDeployments: 3 };
const ERROR = { code: 'interrupted', what: 'It was stopped.', why: 'A test.', fix: 'None.' };
const DOCUMENT = JSON.parse(JSON.stringify({ ...RUN, findings: FINDINGS, orgs: ORG_RESULTS })) as {
  readonly orgs: readonly Readonly<Record<string, unknown>>[];
};

test('reads back the document of a command', () => {
  assert.deepEqual(parseJobDocument(JSON.stringify(DOCUMENT)), { ...RUN, findings: FINDINGS, orgs: DOCUMENT.orgs });
});

test('reads back the scope of a verification, and where a check was made and accepted', () => {
  const check = { name: 'x', ok: true, detail: 'x', channel: 'Web', chatDeployment: 'Web_1', tolerated: '--tolerate' };
  const verified = { ...SCOPE, unmanaged: ['Queue:Chat'], readFrom: RUN.startedAt, readTo: RUN.startedAt };
  const orgs = [{ ...DOCUMENT.orgs[0], checks: [check], verified }];
  assert.deepEqual(parseJobDocument(JSON.stringify({ ...RUN, findings: [], orgs }))?.orgs, orgs);
});

test('reads the document of a command that ended before it read an org', () => {
  const stopped = { ...RUN, findings: [], error: ERROR };
  assert.deepEqual(parseJobDocument(JSON.stringify(stopped)), { ...stopped, orgs: [] });
});

const [first = {}] = DOCUMENT.orgs;
const BROKEN: Readonly<Record<string, unknown>> = {
  null: null,
  'a list': [],
  'a document without an exit code': { ...DOCUMENT, exitCode: undefined },
  'a document with another exit code': { ...DOCUMENT, exitCode: 9 },
  'a scope that is not one': { ...RUN, findings: [], orgs: [{ ...first, verified: {} }] },
  'a document without a time': { ...DOCUMENT, startedAt: undefined },
  'a document whose time is not a time': { ...DOCUMENT, startedAt: 'today' },
  'an org that is null': { ...RUN, findings: [], orgs: [null] },
  'an org without an alias': { ...RUN, findings: [], orgs: [{ ...first, alias: undefined }] },
  'an alias that is not a string': { ...RUN, findings: [], orgs: [{ ...first, alias: {} }] },
  'an unknown status': { ...RUN, findings: [], orgs: [{ ...first, status: 'great' }] },
  'changes that are not a list': { ...RUN, findings: [], orgs: [{ ...first, changes: {} }] },
  'a check that is null': { ...RUN, findings: [], orgs: [{ ...first, checks: [null] }] },
  'a finding that is null': { ...RUN, findings: [null], orgs: [] },
};
for (const [what, document] of Object.entries(BROKEN))
  test(`rejects ${what}`, () => {
    assert.equal(parseJobDocument(JSON.stringify(document)), undefined);
  });

test('rejects a truncated document', () => {
  assert.equal(parseJobDocument(JSON.stringify(DOCUMENT).slice(0, -20)), undefined);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseJobDocument } from '../../../lib/pipeline/job-document';
import { FINDINGS, ORG_RESULTS } from '../report/samples';

const DOCUMENT = JSON.parse(
  JSON.stringify({ command: 'deploy', exitCode: 1, findings: FINDINGS, orgs: ORG_RESULTS }),
) as {
  readonly orgs: readonly Readonly<Record<string, unknown>>[];
};

test('what a command wrote is read as it was', () => {
  assert.deepEqual(parseJobDocument(JSON.stringify(DOCUMENT)), { findings: FINDINGS, orgs: DOCUMENT.orgs });
});

const [first = {}] = DOCUMENT.orgs;
const BROKEN: Readonly<Record<string, unknown>> = {
  nothing: null,
  'a list': [],
  'no orgs': { findings: [] },
  'an org that is nothing': { findings: [], orgs: [null] },
  'an org without a name': { findings: [], orgs: [{ ...first, alias: undefined }] },
  'a name that is no text': { findings: [], orgs: [{ ...first, alias: {} }] },
  'an outcome that nobody knows': { findings: [], orgs: [{ ...first, status: 'great' }] },
  'changes that are no list': { findings: [], orgs: [{ ...first, changes: {} }] },
  'a check that is nothing': { findings: [], orgs: [{ ...first, checks: [null] }] },
  'a finding that is nothing': { findings: [null], orgs: [] },
};
for (const [what, document] of Object.entries(BROKEN))
  test(`${what} is no document`, () => {
    assert.equal(parseJobDocument(JSON.stringify(document)), undefined);
  });

test('half a document is none', () => {
  assert.equal(parseJobDocument(JSON.stringify(DOCUMENT).slice(0, -20)), undefined);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseJobDocument } from '../../../lib/pipeline/job-document';
import { FINDINGS, ORG_RESULTS } from '../report/samples';

const DOCUMENT = JSON.parse(
  JSON.stringify({ command: 'deploy', exitCode: 1, findings: FINDINGS, orgs: ORG_RESULTS }),
) as {
  readonly orgs: readonly Readonly<Record<string, unknown>>[];
};

test('reads back the document of a command', () => {
  assert.deepEqual(parseJobDocument(JSON.stringify(DOCUMENT)), { findings: FINDINGS, orgs: DOCUMENT.orgs });
});

const [first = {}] = DOCUMENT.orgs;
const BROKEN: Readonly<Record<string, unknown>> = {
  null: null,
  'a list': [],
  'a document without orgs': { findings: [] },
  'an org that is null': { findings: [], orgs: [null] },
  'an org without an alias': { findings: [], orgs: [{ ...first, alias: undefined }] },
  'an alias that is not a string': { findings: [], orgs: [{ ...first, alias: {} }] },
  'an unknown status': { findings: [], orgs: [{ ...first, status: 'great' }] },
  'changes that are not a list': { findings: [], orgs: [{ ...first, changes: {} }] },
  'a check that is null': { findings: [], orgs: [{ ...first, checks: [null] }] },
  'a finding that is null': { findings: [null], orgs: [] },
};
for (const [what, document] of Object.entries(BROKEN))
  test(`rejects ${what}`, () => {
    assert.equal(parseJobDocument(JSON.stringify(document)), undefined);
  });

test('rejects a truncated document', () => {
  assert.equal(parseJobDocument(JSON.stringify(DOCUMENT).slice(0, -20)), undefined);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { serializeDocument, findingsSummary, findingsText, planSummary, wrap } from '../../../lib/report';
import { fold } from '../../../lib/report/text-layout';
import { documentSchemas } from '../../commands/document-schemas';
import { FINDINGS, MATRIX, ORG_RESULTS } from './samples';

test('the document of a command has the members of the contract, in their order, and no others', () => {
  const text = serializeDocument({
    command: 'status',
    exitCode: 2,
    findings: FINDINGS,
    orgs: ORG_RESULTS,
    matrix: MATRIX,
  });
  const document = JSON.parse(text) as Record<string, unknown>;
  documentSchemas.status.parse(document);
  assert.deepEqual(Object.keys(document), ['command', 'exitCode', 'findings', 'orgs', 'matrix']);
  assert.deepEqual(document['orgs'], JSON.parse(JSON.stringify(ORG_RESULTS)));
});

const SUMMARIES: readonly (readonly [counts: readonly [number, number, number], text: string])[] = [
  [[0, 0, 0], 'No findings.'],
  [[1, 0, 0], '1 error.'],
  [[2, 1, 3], '2 errors, 1 warning, 3 notes.'],
  [[0, 0, 1], '1 note.'],
];

for (const [[errors, warnings, notes], text] of SUMMARIES) {
  test(`${errors} errors, ${warnings} warnings and ${notes} notes are summed up as "${text}"`, () => {
    const [finding] = FINDINGS;
    const some = (number: number, severity: 'error' | 'warning' | 'note') =>
      Array.from({ length: number }, () => ({ ...(finding ?? assert.fail()), severity }));
    assert.equal(
      findingsSummary([...some(notes, 'note'), ...some(errors, 'error'), ...some(warnings, 'warning')]),
      text,
    );
  });
}

test('a plan is summed up by its changes, those that disturb, and the orgs that have none', () => {
  const [unchanged, planned, , failed] = ORG_RESULTS;
  assert.ok(unchanged && planned && failed);
  assert.equal(planSummary([unchanged]), 'Nothing to do in 1 org.');
  assert.equal(planSummary([unchanged, planned]), '5 changes in 1 org, 1 of them disruptive. Nothing was written.');
  assert.equal(planSummary([planned, planned]), '10 changes in 2 orgs, 2 of them disruptive. Nothing was written.');
  assert.equal(planSummary([unchanged, failed]), 'Nothing to do in 1 org. 1 org could not be planned.');
});

test('findings of one file stand under its name once, and without findings there is nothing', () => {
  const text = findingsText({ columns: 80, color: false }, [...FINDINGS].reverse());
  assert.equal(text.split('\n').filter((line) => line.startsWith('force-app/')).length, 1);
  assert.equal(findingsText({ columns: 80, color: true }, []), '');
});

test('wrapped text keeps every word and their order, and no line is longer than the page', () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 40, max: 200 }), (text, columns) => {
      const wrapped = wrap({ columns, color: false }, '    ', text);
      assert.deepEqual(wrapped.split(/\s+/).filter(Boolean), text.split(/\s+/).filter(Boolean));
      for (const line of wrapped.split('\n'))
        assert.ok(line.length <= Math.min(columns, 120) || !line.trim().includes(' '));
    }),
  );
});

test('folded text keeps every letter, and no line is longer than it may be', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 60 }), fc.integer({ min: 1, max: 30 }), (text, width) => {
      const folded = fold(text, width);
      assert.equal(folded.replace(/\s/g, ''), text.replace(/\s/g, ''));
      for (const line of folded.split('\n')) assert.ok(line.length <= width, line);
    }),
  );
  assert.equal(fold('a long word', 6), 'a long\nword');
});

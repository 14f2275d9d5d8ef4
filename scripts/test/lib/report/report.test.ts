import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { OrgResult } from '../../../lib/model';
import {
  findingsSummary,
  findingsText,
  groupErrors,
  impactText,
  matrixText,
  orgResultsText,
  planSummary,
  runResultsText,
  serializeDocument,
  wrap,
} from '../../../lib/report';
import { documentSchemas } from '../../commands/document-schemas';
import { FINDINGS, MATRIX, ORG_RESULTS, RUN, RUN_RESULTS } from './samples';

test('the document of a command has exactly the members of the contract, in their order', () => {
  const text = serializeDocument({
    command: 'status',
    startedAt: '2026-11-28T10:00:00.000Z',
    exitCode: 2,
    findings: FINDINGS,
    orgs: ORG_RESULTS,
    matrix: MATRIX,
  });
  const document = JSON.parse(text) as Record<string, unknown>;
  documentSchemas.status.parse(document);
  assert.deepEqual(Object.keys(document), ['command', 'startedAt', 'exitCode', 'findings', 'orgs', 'matrix']);
  assert.deepEqual(document['orgs'], JSON.parse(JSON.stringify(ORG_RESULTS)));
});

const SUMMARIES: readonly (readonly [counts: readonly [number, number, number], text: string])[] = [
  [[0, 0, 0], 'No findings.'],
  [[1, 0, 0], '1 error.'],
  [[2, 1, 3], '2 errors, 1 warning, 3 notes.'],
  [[0, 0, 1], '1 note.'],
];

for (const [[errors, warnings, notes], text] of SUMMARIES) {
  test(`${errors} errors, ${warnings} warnings and ${notes} notes give the summary "${text}"`, () => {
    const [finding] = FINDINGS;
    const some = (number: number, severity: 'error' | 'warning' | 'note') =>
      Array.from({ length: number }, () => ({ ...(finding ?? assert.fail()), severity }));
    assert.equal(
      findingsSummary([...some(notes, 'note'), ...some(errors, 'error'), ...some(warnings, 'warning')]),
      text,
    );
  });
}

test('an org whose ID is not known is shown without an ID, a kind and a wave', () => {
  const [, , , failed] = ORG_RESULTS;
  assert.ok(failed);
  const layout = { columns: 100, color: false };
  const { alias, status } = failed;
  assert.match(orgResultsText(layout, [{ ...failed, orgId: '' }]), new RegExp(`^${alias}: ${status}$`, 'm'));
});

test('a plan total counts additions, changes and deletions by their marks, and the impact of all changes', () => {
  const [unchanged, planned, , failed] = ORG_RESULTS;
  assert.ok(unchanged && planned && failed);
  assert.equal(planSummary([unchanged]), 'Plan: 1 org, no changes, 1 in sync. Nothing was changed.');
  assert.equal(
    planSummary([unchanged, planned]),
    'Plan: 2 orgs, 5 changes, 1 disruptive, 1 in sync (2 to add, 3 to change, 0 to delete). Nothing was changed.',
  );
  assert.equal(
    planSummary([planned, planned, failed]),
    'Plan: 3 orgs, 10 changes, 2 disruptive, 1 not planned (4 to add, 6 to change, 0 to delete). Nothing was changed.',
  );
  assert.equal(
    planSummary([unchanged, unchanged, failed]),
    'Plan: 3 orgs, no changes, 2 in sync, 1 not planned. Nothing was changed.',
  );
  assert.equal(planSummary([failed]), 'Plan: 1 org, 1 not planned. Nothing was changed.');
});

test('the mark of a change means its action: an added setting has +, a deleted setting or component has -', () => {
  const [, planned] = ORG_RESULTS;
  const [change] = planned?.changes ?? [];
  assert.ok(planned && change);
  const org = {
    ...planned,
    changes: [
      { ...change, action: 'update' as const, path: 'added', from: null, to: 'x', effect: '' },
      { ...change, action: 'update' as const, path: 'gone', from: 'x', to: null, effect: '' },
      {
        ...change,
        component: 'Queue:Old' as const,
        action: 'delete' as const,
        path: '',
        to: null,
        impact: 'disruptive' as const,
      },
    ],
  };
  const lines = orgResultsText({ columns: 200, color: false }, [org]).split('\n');
  assert.ok(lines.includes('      + added: (not set) -> x'));
  assert.ok(lines.includes('      - gone: x is deleted'));
  assert.ok(lines.includes('  - Queue Old [disruptive]'));
  assert.equal(
    planSummary([org]),
    'Plan: 1 org, 3 changes, 1 disruptive (1 to add, 0 to change, 2 to delete). Nothing was changed.',
  );
});

test('the impact of a plan marks a component that is added with +, although its own change is not shown', () => {
  const [, planned] = ORG_RESULTS;
  const [change] = planned?.changes ?? [];
  assert.ok(planned && change);
  const activation = { ...change, action: 'update' as const, path: 'isActive', impact: 'visible' as const, effect: '' };
  const text = impactText({ columns: 120, color: false }, [{ ...planned, changes: [change, activation] }]);
  assert.deepEqual(text.split('\n').slice(2), [
    '  + JSON Web Keyset Customer_Identity_Endpoint (PublicKeyCertificateSet)',
    '      + Active (isActive): (not set) -> Customer Identity (Endpoint) [visible]',
    '  1 more change with no customer impact.',
  ]);
  assert.equal(impactText({ columns: 120, color: false }, ORG_RESULTS.slice(0, 1)), '');
});

test('a planned org names the chat deployments that the deploy publishes, and failed checks', () => {
  const org = { ...(ORG_RESULTS[0] ?? assert.fail()) };
  const text = (detail: string, ok = true): string =>
    orgResultsText({ columns: 120, color: false }, [{ ...org, checks: [{ name: 'to publish', ok, detail }] }]);
  assert.match(text('A'), /^ {2}Publishes chat deployment A\. Sites and apps can take up to 10 minutes to update\.$/m);
  assert.match(text('A, B'), /Publishes chat deployments A, B\./);
  assert.match(text('x', false), /^ {2}Check "to publish" failed: x$/m);
});

test('the end of a run has one line per org, each error once, one total, and the commands to continue', () => {
  const text = runResultsText({ columns: 120, color: false }, RUN_RESULTS, RUN);
  assert.equal(text.match(/Error \(/g)?.length, 1);
  assert.match(text, /rejected the deploy to "qa2"\.[^]*The same error occurred in\s+qa3\./);
  assert.match(text, /Fix: Wait until no other process changes <org>/);
  assert.match(text, /^Wave 3 +uat1, uat2 +skipped: qa2, qa3 \(wave 2\) failed$/m);
  assert.match(text, /^Stopped in wave 2: 2 changed, 1 unchanged, 2 failed \(qa2, qa3\), 3 skipped\. Run 2026-\S+$/m);
  assert.match(text, /^To resume: {5}npm run deploy -- --resume --plan plan\.json$/m);
  assert.match(text, /^To roll back: {2}npm run rollback -- --run 2026-/m);
});

test('a run whose table is too wide is a list without a column less', () => {
  const [row] = RUN_RESULTS;
  assert.ok(row);
  const [wide, narrow] = [120, 80].map((columns) => runResultsText({ columns, color: false }, [row], RUN));
  assert.match(wide ?? '', /^Wave 2 {3}qa1 {3}changed {3}5 changes {3}job 0Af000000000003AAA {3}read back: in sync$/m);
  assert.match(
    narrow ?? '',
    /^Wave 2 {3}qa1 {3}changed {3}5 changes {3}job 0Af000000000003AAA {3}read back: in sync$/m,
  );
  const list = runResultsText({ columns: 70, color: false }, [row], RUN);
  assert.match(list, /^Wave 2 {3}qa1: changed, 5 changes, job 0Af000000000003AAA, read back:\n {11}in sync$/m);
});

test('a complete run offers no resume; an unchanged run offers no rollback', () => {
  const [changed, , , , unchanged] = RUN_RESULTS;
  assert.ok(changed && unchanged);
  const endOf = (...orgs: readonly OrgResult[]): string =>
    runResultsText({ columns: 120, color: false }, orgs, RUN).split('\n\n').at(-1) ?? '';
  assert.equal(
    endOf(changed),
    `Deploy complete: 1 changed, 0 unchanged, 0 failed, 0 skipped. Run ${RUN.runId}\nSites and apps can take up to 10 minutes to update.\nTo roll back:  ${RUN.rollback}`,
  );
  assert.equal(endOf(unchanged), `Deploy complete: 0 changed, 1 unchanged, 0 failed, 0 skipped. Run ${RUN.runId}`);
  const unreachable = endOf({ ...unchanged, status: 'unreachable' }, { ...unchanged, status: 'unknown' });
  assert.match(
    unreachable,
    /^Deploy failed: 0 changed, 0 unchanged, 0 failed, 1 unreachable \(dev2\), 1 unknown \(dev2\), 0 skipped\./,
  );
  assert.match(unreachable, /To resume:/);
});

test('a run with skipped orgs and no failed org offers a resume', () => {
  const [changed, , , , , skipped] = RUN_RESULTS;
  assert.ok(changed && skipped);
  const text = runResultsText({ columns: 120, color: false }, [changed, skipped], RUN);
  assert.match(text, /^To resume: {5}npm run deploy -- --resume/m);
  assert.match(text, /^To roll back: /m);
});

test('a run that was not accepted is not started and has no run to resume or roll back', () => {
  const [, , , , unchanged] = RUN_RESULTS;
  assert.ok(unchanged);
  const error = { code: 'not-accepted', what: 'Nothing was changed.', why: 'The answer was no.', fix: 'Accept it.' };
  const text = runResultsText({ columns: 120, color: false }, [{ ...unchanged, status: 'skipped', error }], {
    title: 'Rollback',
  });
  assert.match(
    text,
    /\n\nError \(not-accepted\): Nothing was changed\.[^]*\n\nRollback not started: 0 changed, 0 unchanged, 0 failed, 1 skipped\.$/,
  );
});

test('errors are one error only if they differ in the alias alone', () => {
  const error = (alias: string, why = 'Why.') => ({
    alias,
    error: { code: 'x', what: `The org "${alias}" failed.`, why, fix: `sf org login -o ${alias}` },
  });
  assert.deepEqual(groupErrors([error('dev'), { alias: 'ok' }, error('dev-2')]), [
    {
      code: 'x',
      what: 'The org "dev" failed. The same error occurred in dev-2.',
      why: 'Why.',
      fix: 'sf org login -o <org>',
    },
  ]);
  assert.deepEqual(groupErrors([error('dev'), error('uat', 'Other.')]), [
    error('dev').error,
    error('uat', 'Other.').error,
  ]);
  assert.equal(
    groupErrors([error('a'), error('b'), error('c')])[0]?.what,
    'The org "a" failed. The same error occurred in b and c.',
  );
  const unnamed = (alias: string) => ({ alias, error: { ...error(alias).error, what: 'It failed.' } });
  assert.equal(groupErrors([unnamed('a'), unnamed('b')])[0]?.what, 'It failed. The same error occurred in a and b.');
});

test('prints a finding of several orgs or locations once, with all of them', () => {
  const text = findingsText({ columns: 120, color: false }, [...FINDINGS, ...FINDINGS]);
  assert.equal(text.match(/production-trust/g)?.length, 1);
  assert.match(
    text,
    /config\/orgs\/<org>\.json:4 [^]*Orgs: dev, uat\n {2}<org> isn't a production org[^]*--org dev\. Do the same for uat\./,
  );
  const [finding] = FINDINGS;
  assert.ok(finding);
  const live = (alias: string) => ({ ...finding, message: `In the org ${alias}: no.`, fix: 'Fix.' });
  assert.match(findingsText({ columns: 120, color: false }, [live('dev'), live('uat')]), /Orgs: dev, uat\n {2}No\./);
  assert.equal(findingsText({ columns: 80, color: true }, []), '');
});

test('wrapped text keeps every word and their order, and no line is wider than the layout', () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 40, max: 200 }), (text, columns) => {
      const wrapped = wrap({ columns, color: false }, '    ', text);
      assert.deepEqual(wrapped.split(/\s+/).filter(Boolean), text.split(/\s+/).filter(Boolean));
      for (const line of wrapped.split('\n'))
        assert.ok(line.length <= Math.min(columns, 120) || !line.trim().includes(' '));
    }),
  );
  assert.equal(
    wrap({ columns: 30, color: false }, '    ', 'a b https://id.example.com/a/long/path c', '- '),
    '- a b\n    https://id.example.com/a/long/path\n    c',
  );
});

const cell = (live: string | null, desired: string | null) => ({ live, desired, drift: live !== desired });

test('the matrix breaks no name, issuer or key ID, and puts as many orgs side by side as fit', () => {
  const kid = 'fYnku790ePnV5PMXyj8h7DbDlljJhSi1LW11EOkn2gM';
  const columns = ['dev', 'uat', 'prod'].map((alias) => ({ alias, kind: 'sandbox', reached: alias !== 'prod' }));
  const rows = [
    {
      component: 'PublicKeyCertificate:A_Component_Name_Of_40_Characters_Or_So' as const,
      setting: '',
      cells: [cell('in sync', 'in sync'), cell('missing', 'in sync'), cell(null, null)],
    },
    {
      component: 'PublicKeyCertificate:A_Component_Name_Of_40_Characters_Or_So' as const,
      setting: 'kid',
      cells: [cell(kid, kid), cell(null, 'x'), cell(null, null)],
    },
  ];
  const text = (width: number): readonly string[] =>
    matrixText({ columns: width, color: false }, { columns, rows }).split('\n');
  assert.deepEqual(text(120), [
    '                                         dev (sandbox)                               uat (sandbox)     prod (sandbox)',
    'JSON Web Key                             in sync                                     + missing         ?',
    'A_Component_Name_Of_40_Characters_Or_So',
    `  kid                                    ${kid} + x               ?`,
  ]);
  assert.equal(text(119).filter((line) => line.includes('(sandbox)')).length, 2, 'a table more');
  assert.deepEqual(text(80).slice(0, 4), [
    'dev (sandbox)',
    'JSON Web Key A_Component_Name_Of_40_Characters_Or_So: in sync',
    `  kid: ${kid}`,
    '',
  ]);
  assert.ok(text(40).some((line) => line.includes(kid)));
});

test('orgs of the same kind with equal settings share one column of the matrix', () => {
  const column = (alias: string, kind: string) => ({ alias, kind, reached: true });
  const columns = [
    column('qa1', 'sandbox'),
    column('eu', 'production'),
    column('qa2', 'sandbox'),
    column('qa3', 'sandbox'),
  ];
  const yes = cell('yes', 'yes');
  const rows = [{ component: 'MessagingChannel:Web' as const, setting: '', cells: [yes, yes, yes, cell('no', 'yes')] }];
  assert.deepEqual(matrixText({ columns: 120, color: false }, { columns, rows }).split('\n'), [
    '                         qa1, qa2 (sandbox)              eu (production)                 qa3 (sandbox)',
    'Channel Web              yes                             yes                             ! no -> yes',
  ]);
});

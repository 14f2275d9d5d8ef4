import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { Change, Check, OrgResult, OrgStatus } from '../../../lib/model';
import type { JobDocument } from '../../../lib/pipeline/job-document';
import { mergeDocuments, runReport } from '../../../lib/pipeline/merge-reports';
import { capturedContext, type CapturedOutput } from '../captured-context';
import { FINDINGS } from '../report/samples';

const result = (alias: string, status: OrgStatus, rest: Partial<OrgResult> = {}): OrgResult => ({
  alias,
  orgId: '00D000000000001EAA',
  kind: 'sandbox',
  wave: 1,
  status,
  changes: [],
  deployIds: [],
  checks: [],
  ...rest,
});
const change = (path: string, to = 'B'): Change => ({
  component: 'Queue:Chat',
  action: 'update',
  path,
  from: 'A',
  to,
  impact: 'none',
  effect: '',
});
const check = (name: string, ok = true): Check => ({ name, ok, detail: name });
const error = { code: 'deploy-failed', what: 'It failed.', why: 'It is a test.', fix: 'None.' };
const timedOut = { ...error, code: 'publish-failed' };

const documentOf = (orgs: readonly OrgResult[], minute = 0, command = 'deploy'): JobDocument => ({
  command,
  startedAt: `2026-11-28T10:${String(minute).padStart(2, '0')}:00.000Z`,
  exitCode: 0,
  findings: [],
  orgs,
});
/** The orgs of runs of one command, a minute apart. */
const merge = (...runs: readonly (readonly OrgResult[])[]) =>
  mergeDocuments(runs.map((orgs, at) => documentOf(orgs, at))).orgs;

test('an org that different commands report has the worst of their results', () => {
  const order: readonly OrgStatus[] = [
    ...(['unchanged', 'planned', 'changed', 'skipped', 'unreachable', 'failed', 'unknown'] as const),
  ];
  const statusOf = (first: OrgStatus, second: OrgStatus) =>
    mergeDocuments([documentOf([result('dev', first)], 0), documentOf([result('dev', second)], 1, 'verify')]).orgs[0]
      ?.status;
  for (const [index, better] of order.entries())
    for (const worse of order.slice(index)) {
      assert.equal(statusOf(better, worse), worse);
      assert.equal(statusOf(worse, better), worse);
    }
});

test('of different commands, the error of the worst, each change once, and the jobs and checks of all are kept', () => {
  const { orgs } = mergeDocuments([
    documentOf([result('dev', 'failed', { error, deployIds: ['0Af1', '0Af2'], changes: [change('a')] })]),
    documentOf(
      [result('dev', 'changed', { deployIds: ['0Af2', '0Af3'], changes: [change('a')], checks: [check('x')] })],
      1,
      'verify',
    ),
  ]);
  const expected = { error, deployIds: ['0Af1', '0Af2', '0Af3'], changes: [change('a')], checks: [check('x')] };
  assert.deepEqual(orgs, [result('dev', 'failed', expected)]);
});

const [A, B] = [change('a'), change('b')];
/** Two runs of one command, and the result of the org after both. */
const RUNS: readonly (readonly [first: OrgResult, second: OrgResult, merged: OrgResult])[] = [
  [
    result('failed, then changed', 'failed', {
      error,
      deployIds: ['0Af1'],
      changes: [A, B],
      checks: [check('x', false)],
    }),
    result('', 'changed', { deployIds: ['0Af2'], changes: [A], checks: [check('x')] }),
    result('', 'changed', { deployIds: ['0Af1', '0Af2'], changes: [A], checks: [check('x')] }),
  ],
  [
    result('skipped with its changes, then changed', 'skipped', { error, changes: [A, B] }),
    result('', 'changed', { deployIds: ['0Af1'], changes: [A, B] }),
    result('', 'changed', { deployIds: ['0Af1'], changes: [A, B] }),
  ],
  [
    result('changed, then unchanged', 'changed', {
      deployIds: ['0Af1'],
      changes: [A],
      checks: [check('published'), check('trust', false)],
    }),
    result('', 'unchanged', { checks: [check('identity')] }),
    result('', 'changed', { deployIds: ['0Af1'], changes: [A], checks: [check('published'), check('identity')] }),
  ],
  [
    result('changed, then changed', 'changed', { deployIds: ['0Af1'], changes: [A, B] }),
    result('', 'changed', { deployIds: ['0Af2'], changes: [change('b', 'C')] }),
    result('', 'changed', { deployIds: ['0Af1', '0Af2'], changes: [A, change('b', 'C')] }),
  ],
  [
    result('changed, then skipped', 'changed', { deployIds: ['0Af1'], changes: [A] }),
    result('', 'skipped', { error, changes: [B] }),
    result('', 'changed', { deployIds: ['0Af1'], changes: [A] }),
  ],
  [
    result('failed, then skipped', 'failed', { error, deployIds: ['0Af1'], changes: [A] }),
    result('', 'skipped', { error: timedOut, changes: [A] }),
    result('', 'failed', { error, deployIds: ['0Af1'], changes: [A] }),
  ],
  [
    result('planned, then skipped', 'planned', { changes: [A] }),
    result('', 'skipped', { error, changes: [A] }),
    result('', 'skipped', { error, changes: [A] }),
  ],
  [
    result('deployed and not published, then unchanged', 'failed', {
      error: timedOut,
      deployIds: ['0Af1'],
      changes: [A],
    }),
    result('', 'unchanged', { checks: [check('published')] }),
    result('', 'changed', { deployIds: ['0Af1'], changes: [A], checks: [check('published')] }),
  ],
  [
    result('a deploy job that is lost, then unchanged', 'unknown', {
      error: timedOut,
      deployIds: ['0Af1'],
      changes: [A],
    }),
    result('', 'unchanged'),
    result('', 'changed', { deployIds: ['0Af1'], changes: [A] }),
  ],
  [
    result('a failed deploy job, then unchanged', 'failed', { error, deployIds: ['0Af1'], changes: [A] }),
    result('', 'unchanged'),
    result('', 'unchanged', { deployIds: ['0Af1'] }),
  ],
  [
    result('not reached, then unchanged', 'unreachable', { error, changes: [A] }),
    result('', 'unchanged'),
    result('', 'unchanged'),
  ],
  [
    result('changed, then failed', 'changed', { deployIds: ['0Af1'], changes: [A] }),
    result('', 'failed', { error, deployIds: ['0Af2'], changes: [B] }),
    result('', 'failed', { error, deployIds: ['0Af1', '0Af2'], changes: [A, B] }),
  ],
];

for (const [{ alias: title, ...first }, second, merged] of RUNS)
  test(`two runs of one command: ${title}`, () => {
    const runs = [documentOf([{ ...first, alias: 'eu2' }], 1), documentOf([{ ...second, alias: 'eu2' }], 2)];
    const expected = [{ ...merged, alias: 'eu2' }];
    assert.deepEqual(mergeDocuments(runs).orgs, expected);
    assert.deepEqual(mergeDocuments([...runs].reverse()).orgs, expected, 'the order of the files has no effect');
  });

const verified = { verifiedChannels: 2, unverifiedChannels: 0, inactiveChannels: 0, chatDeployments: 2 };

test('the scope of a verification is kept, unless a later run changed the org', () => {
  const scopeOf = (...documents: readonly JobDocument[]) => mergeDocuments(documents).orgs[0]?.verified;
  const [verify, deploy] = [
    documentOf([result('dev', 'unchanged', { verified })], 0, 'verify'),
    result('dev', 'failed'),
  ];
  assert.deepEqual(scopeOf(verify, documentOf([deploy], 1)), verified);
  assert.deepEqual(scopeOf(documentOf([deploy]), { ...verify, startedAt: '2026-11-28T11:00:00.000Z' }), verified);
  const before = documentOf([result('dev', 'changed', { verified })]);
  assert.deepEqual(scopeOf(before, documentOf([result('dev', 'unchanged')], 1)), verified);
  assert.equal(scopeOf(before, documentOf([result('dev', 'changed')], 1)), undefined);
});

test('an org that only the first of two runs reports keeps its result, and each org is listed once', () => {
  const orgs = merge(
    [result('dev', 'changed', { changes: [A] }), result('eu2', 'failed', { error, changes: [A] })],
    [result('eu2', 'changed', { changes: [A] })],
  );
  assert.deepEqual(orgs, [result('dev', 'changed', { changes: [A] }), result('eu2', 'changed', { changes: [A] })]);
});

test('orgs are sorted by wave, then by alias', () => {
  const orgs = merge(
    [result('b', 'changed', { wave: 10 }), result('z', 'changed', { wave: 2 })],
    [result('c', 'changed', { wave: 2 })],
  );
  assert.deepEqual(
    orgs.map(({ alias }) => alias),
    ['c', 'z', 'b'],
  );
});

test('a finding that several jobs report is kept once', () => {
  const findings = FINDINGS.slice(0, 2);
  assert.deepEqual(
    mergeDocuments([
      { ...documentOf([]), findings },
      { ...documentOf([], 1), findings: FINDINGS.slice(1, 2) },
    ]).findings,
    findings,
  );
});

/** The report of files: its exit code, text, and document. */
async function reportOn(t: TestContext, files: Readonly<Record<string, unknown>>) {
  const folder = mkdtempSync(join(tmpdir(), 'report-'));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  const output: CapturedOutput = { shown: [], documents: [], progress: [], questions: [] };
  const exit = await runReport(capturedContext({ org: [], project: folder, json: true, from: [folder] }, output));
  const document = JSON.parse(output.documents[0] ?? '') as Partial<JobDocument>;
  return { exit, text: output.shown.join('\n'), document };
}

const DEPLOYED = documentOf([result('dev', 'changed', { verified })]);
const STOPPED = {
  ...documentOf([], 1, 'verify'),
  orgs: undefined,
  exitCode: 1,
  error: { ...error, code: 'interrupted', what: 'It was stopped.' },
};

test('a command that was stopped, and files that are not results, fail the report and are named next to the results', async (t) => {
  const files = { 'a.json': DEPLOYED, 'b.json': STOPPED, 'c.json': '{', 'd.json': [] };
  const { exit, text, document } = await reportOn(t, files);
  assert.equal(exit, 1);
  for (const part of ['It was stopped.', 'c.json', 'd.json']) {
    assert.ok(text.includes(part), text);
    assert.ok(document.error?.what.includes(part), document.error?.what);
  }
  assert.match(text, /dev \(2 verified channels, 2 chat deployments\)/);
  assert.match(text, /^Report: 1 org: 1 changed\.$/m);
  assert.deepEqual(document.orgs, DEPLOYED.orgs);
});

test('a file that is no result fails a report without other failures', async (t) => {
  const { exit, document } = await reportOn(t, { 'a.json': DEPLOYED, 'b.json': {} });
  assert.deepEqual([exit, document.error?.code, document.orgs], [1, 'unreadable-file', DEPLOYED.orgs]);
});

test('a command that was stopped has no effect on the report after a later run of it', async (t) => {
  const later = documentOf([result('dev', 'unchanged')], 2, 'verify');
  const { exit, document } = await reportOn(t, { 'a.json': DEPLOYED, 'b.json': STOPPED, 'c.json': later });
  assert.deepEqual([exit, document.error], [0, undefined]);
});

test('a command that found errors before it read an org has its findings and its exit code in the report', async (t) => {
  const findings = FINDINGS.slice(0, 1);
  const check = { ...documentOf([], 1, 'check'), orgs: undefined, exitCode: 3, findings };
  assert.equal((await reportOn(t, { 'a.json': check })).exit, 3);
  const { exit, text, document } = await reportOn(t, { 'a.json': DEPLOYED, 'b.json': check });
  // Exit code 3 says that no org was contacted.
  assert.deepEqual([exit, document.findings], [1, findings]);
  assert.ok(text.includes(findings[0]?.rule ?? 'no finding'), text);
});

test('the last line of a report is its total', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'report-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const orgs = [result('dev', 'changed'), result('uat', 'planned'), result('qa', 'failed'), result('prod', 'skipped')];
  writeFileSync(join(folder, 'job.json'), JSON.stringify({ ...documentOf(orgs), exitCode: 1 }));
  const output: CapturedOutput = { shown: [], documents: [], progress: [], questions: [] };
  assert.equal(await runReport(capturedContext({ org: [], project: folder, json: false, from: [folder] }, output)), 1);
  const total = 'Report: 4 orgs: 1 changed, 1 planned, 1 failed (qa), 1 skipped.';
  assert.equal(output.shown.join('\n').split('\n').at(-1), total);
});

test('the report of a resumed run is that of its last attempt, whatever the files are named', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'report-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const first = [
    result('eu1', 'changed', { changes: [A] }),
    result('eu2', 'failed', { error, changes: [A, B] }),
    result('us1', 'skipped', { changes: [A] }),
  ];
  const second = [result('eu2', 'changed', { changes: [A, B] }), result('us1', 'changed', { changes: [A] })];
  // In the order of the names, "deploy-2.json" comes before "deploy.json".
  writeFileSync(join(folder, 'deploy.json'), JSON.stringify({ ...documentOf(first, 1), exitCode: 1 }));
  writeFileSync(join(folder, 'deploy-2.json'), JSON.stringify({ ...documentOf(second, 2), exitCode: 0 }));
  const output: CapturedOutput = { shown: [], documents: [], progress: [], questions: [] };
  assert.equal(await runReport(capturedContext({ org: [], project: folder, json: false, from: [folder] }, output)), 0);
  const text = output.shown.join('\n');
  assert.match(text, /^Report: 3 orgs: 3 changed\.$/m);
  assert.match(text, /^eu1, eu2, and us1:$/m);
  assert.doesNotMatch(text, /eu2, eu2|failed/);
});

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Change, Check, OrgResult, OrgStatus } from '../../../lib/model';
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
const merge = (...documents: readonly (readonly OrgResult[])[]) =>
  mergeDocuments(documents.map((orgs) => ({ findings: [], orgs }))).orgs;

test('an org that several jobs report has the worst of their results', () => {
  const order: readonly OrgStatus[] = [
    ...(['unchanged', 'planned', 'changed', 'skipped', 'unreachable', 'failed', 'unknown'] as const),
  ];
  for (const [index, better] of order.entries())
    for (const worse of order.slice(index)) {
      assert.equal(merge([result('dev', better)], [result('dev', worse)])[0]?.status, worse);
      assert.equal(merge([result('dev', worse)], [result('dev', better)])[0]?.status, worse);
    }
});

test('the error belongs to the worst result, and changes, deploy jobs, and checks of all jobs are kept', () => {
  const error = { code: 'deploy-failed', what: 'It failed.', why: 'It is a test.', fix: 'None.' };
  const change: Change = {
    component: 'Queue:Chat',
    action: 'update',
    path: 'name',
    from: 'A',
    to: 'B',
    impact: 'none',
    effect: '',
  };
  const check: Check = { name: 'published', ok: true, detail: 'Site' };
  const [merged] = merge(
    [result('dev', 'failed', { error, deployIds: ['0Af1', '0Af2'], changes: [change] })],
    [result('dev', 'changed', { deployIds: ['0Af2', '0Af3'], checks: [check] })],
  );
  const expected = { error, deployIds: ['0Af1', '0Af2', '0Af3'], changes: [change], checks: [check] };
  assert.deepEqual(merged, result('dev', 'failed', expected));
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
      { findings, orgs: [] },
      { findings: FINDINGS.slice(1, 2), orgs: [] },
    ]).findings,
    findings,
  );
});

test('the last line of a report is its total', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'report-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const orgs = [result('dev', 'changed'), result('uat', 'planned'), result('qa', 'failed'), result('prod', 'skipped')];
  writeFileSync(join(folder, 'job.json'), JSON.stringify({ command: 'deploy', exitCode: 1, findings: [], orgs }));
  const output: CapturedOutput = { shown: [], documents: [], progress: [], questions: [] };
  assert.equal(await runReport(capturedContext({ org: [], project: folder, json: false, from: [folder] }, output)), 1);
  const total = 'Report: 4 orgs: 1 changed, 1 planned, 1 failed (qa), 1 skipped.';
  assert.equal(output.shown.join('\n').split('\n').at(-1), total);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jobMatrix, recommendation } from '../../../lib/pipeline/job-matrix';
import { ORG } from '../org/org-samples';

test('each org of each wave is in one job, with at most perJob orgs, in the order of the waves', () => {
  const waves = { a: 10, b: 2, c: 2, d: 2, e: 2, f: 2 };
  const orgs = Object.entries(waves).map(([alias, wave]) => ({ ...ORG, alias, wave }));
  assert.deepEqual(jobMatrix(orgs, 2).include, [
    { name: 'wave-2-job-1', wave: 2, args: '--org b --org c' },
    { name: 'wave-2-job-2', wave: 2, args: '--org d --org e' },
    { name: 'wave-2-job-3', wave: 2, args: '--org f' },
    { name: 'wave-10-job-1', wave: 10, args: '--org a' },
  ]);
  assert.deepEqual(jobMatrix([], 2).include, []);
});

test('recommends as many jobs for the largest wave as machines are needed, if a job is larger than a machine', () => {
  const fleet = Array.from({ length: 130 }, (_, index) => ({
    ...ORG,
    alias: `org${index}`,
    wave: index < 120 ? 2 : 1,
  }));
  assert.match(
    recommendation(fleet, 500, 50) ?? '',
    /^Recommended for the largest wave \(120 orgs\): 3 jobs, with --per-job 40\. A machine like this one deploys to up to 50 orgs/,
  );
  assert.match(recommendation(fleet, 51, 50) ?? '', /3 jobs, with --per-job 40/);
  for (const [orgs, perJob, perMachine] of [
    [fleet, 50, 50],
    [fleet, 10, 50],
    [fleet, 500, 120],
    [[], 500, 50],
  ] as const)
    assert.equal(recommendation(orgs, perJob, perMachine), undefined);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jobMatrix } from '../../../lib/pipeline/job-matrix';
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

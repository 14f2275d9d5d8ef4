import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatElapsed, orgLines, waveLine, type OrgProgress } from '../../../lib/cli/progress-lines';

const org = (alias: string, rest: Partial<OrgProgress> = {}): OrgProgress => ({
  alias,
  wave: 1,
  step: 'waiting',
  ...rest,
});
const NOW = 100_000;

test('each org has its time, and its step or status', () => {
  const orgs = [
    org('dev', { since: 0, until: 65_000, outcome: 'changed' }),
    org('production', { since: 93_000, step: 'submitted 0Af' }),
    org('uat'),
  ];
  assert.deepEqual(
    [...orgLines(orgs, NOW, 24).values()],
    ['dev        1m 05s  changed', 'production     7s  submitted 0Af', 'uat                waiting'],
  );
  assert.equal(waveLine('Deploying', 1, orgs), 'Deploying wave 1: 1 of 3 done');
});

test('a failed, unreachable, unknown or skipped org counts as failed', () => {
  const orgs = [
    'unchanged',
    'planned',
    'changed',
    'verified',
    'inconclusive',
    'failed',
    'unreachable',
    'unknown',
    'skipped',
  ];
  const line = waveLine(
    'Reading',
    1,
    orgs.map((outcome) => org(outcome, { outcome })),
  );
  assert.equal(line, 'Reading wave 1: 9 of 9 done, 4 failed');
});

test('shows failed orgs first, then running ones, within the height of the terminal', () => {
  const outcome = fc.constantFrom(undefined, 'changed', 'failed');
  const one = fc.record({ wave: fc.integer({ min: 1, max: 3 }), since: fc.constantFrom(undefined, 1), outcome });
  fc.assert(
    fc.property(fc.array(one, { maxLength: 60 }), fc.integer({ min: 1, max: 40 }), (parts, rows) => {
      const orgs = parts.map(({ wave, ...rest }, index) =>
        org(`org-${index}`, { wave, ...(JSON.parse(JSON.stringify(rest)) as Partial<OrgProgress>) }),
      );
      const lines = orgLines(orgs, NOW, rows);
      const shown = orgs.filter(({ alias }) => lines.get(alias) !== '');
      assert.ok(shown.length <= Math.max(1, rows - new Set(orgs.map(({ wave }) => wave)).size - 2));
      const hidden = orgs.filter((each) => !shown.includes(each));
      if (hidden.some((each) => each.outcome === 'failed'))
        assert.ok(
          shown.every((each) => each.outcome === 'failed'),
          'trouble is hidden behind something else',
        );
    }),
  );
});

test('times are short and never negative', () => {
  assert.deepEqual([-5, 0, 59_999, 60_000, 3_725_000].map(formatElapsed), ['0s', '0s', '59s', '1m 00s', '62m 05s']);
});

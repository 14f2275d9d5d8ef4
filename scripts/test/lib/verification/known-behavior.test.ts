import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EXPERIMENTS } from '../../../lib/calibrate/experiments';
import { assumedAnswer } from '../../../lib/calibrate/experiment';
import { checksToleratedBy, TOLERABLE_CHECKS } from '../../../lib/verification/rejection';

const answerMaps = EXPERIMENTS.flatMap((experiment) =>
  Object.keys(experiment.answers).map((answer) => ({ experiment, answers: new Map([[experiment.id, answer]]) })),
);

test('evidence tolerates only checks that --tolerate accepts, and nothing if Salesforce behaves as assumed', () => {
  const tolerated = answerMaps.flatMap(({ experiment, answers }) =>
    [...checksToleratedBy(answers).keys()].map((check) => ({
      check,
      isAssumed: answers.get(experiment.id) === assumedAnswer(experiment),
    })),
  );
  assert.deepEqual([...new Set(tolerated.map(({ check }) => check))].sort(), [
    'crit',
    'duplicate iss',
    'issuer slash mismatch',
    'no exp',
    'not yet valid',
    'unusable key',
  ]);
  assert.ok(tolerated.every(({ check, isAssumed }) => TOLERABLE_CHECKS.includes(check) && !isAssumed));
  assert.equal(checksToleratedBy(new Map()).size, 0);
});

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { answersOf, conflictsIn, evidenceFilesFor, readEvidence, writeEvidence } from '../../../lib/evidence';

const answer = (id: string, value: string) => ({
  id,
  question: `${id}?`,
  answer: value,
  observation: 'It did.',
  apiVersion: '67.0',
  date: '2026-11-28',
});

function createProject(t: TestContext): string {
  const project = mkdtempSync(join(tmpdir(), 'evidence-'));
  t.after(() => rmSync(project, { recursive: true, force: true }));
  return project;
}

test('reads what it wrote, and replaces earlier answers to the same questions', (t) => {
  const project = createProject(t);
  assert.deepEqual(readEvidence(project), []);
  writeEvidence(project, 'uat', [answer('nbf', 'checked'), answer('aud', 'ignored')]);
  const file = writeEvidence(project, 'uat', [answer('nbf', 'ignored')]);
  assert.equal(file, 'config/evidence/uat.json');
  const expected = [answer('aud', 'ignored'), answer('nbf', 'ignored')];
  assert.deepEqual(readEvidence(project), [{ alias: 'uat', file, answers: expected }]);
});

test('names the files whose answer applies to an org: its own, or those of the others', () => {
  const evidence = ['dev', 'uat', 'qa'].map((alias) => ({
    alias,
    file: `config/evidence/${alias}.json`,
    answers: alias === 'qa' ? [] : [answer('nbf', 'ignored')],
  }));
  assert.equal(evidenceFilesFor(evidence, 'uat', 'nbf'), 'config/evidence/uat.json');
  assert.equal(evidenceFilesFor(evidence, 'prod', 'nbf'), 'config/evidence/dev.json and config/evidence/uat.json');
  assert.equal(evidenceFilesFor(evidence, 'dev', 'crit'), '');
});

test('rejects a file that is not evidence', (t) => {
  const project = createProject(t);
  mkdirSync(join(project, 'config/evidence'), { recursive: true });
  for (const text of ['', '[]', '{"answers":[{"id":"nbf"}]}', '{"answers":[],"orgId":"00D"}']) {
    writeFileSync(join(project, 'config/evidence/uat.json'), text);
    assert.throws(() => readEvidence(project), { code: 'invalid-flag' });
  }
  writeFileSync(join(project, 'config/evidence/uat.json'), '\uFEFF{"answers":[]}');
  assert.deepEqual(readEvidence(project)[0]?.answers, []);
  if (process.platform === 'win32') return;
  execFileSync('mkfifo', [join(project, 'config/evidence/pipe.json')]);
  assert.throws(() => readEvidence(project), { code: 'invalid-flag', why: "It isn't a file." });
});

test('reports conflicts, and applies to an org its own answers and those on which the others agree', (t) => {
  const project = createProject(t);
  writeEvidence(project, 'dev', [answer('nbf', 'checked'), answer('aud', 'ignored'), answer('typ', 'required')]);
  writeEvidence(project, 'uat', [answer('nbf', 'ignored'), answer('aud', 'ignored')]);
  const evidence = readEvidence(project);
  assert.deepEqual(
    conflictsIn(evidence).map(({ id, answers }) => [id, [...answers]]),
    [
      [
        'nbf',
        [
          ['checked', ['dev']],
          ['ignored', ['uat']],
        ],
      ],
    ],
  );
  assert.deepEqual(Object.fromEntries(answersOf(evidence, 'uat')), { typ: 'required', nbf: 'ignored', aud: 'ignored' });
  assert.deepEqual(Object.fromEntries(answersOf(evidence, 'qa')), { typ: 'required', aud: 'ignored' });
});

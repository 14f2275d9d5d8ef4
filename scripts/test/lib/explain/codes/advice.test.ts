/**
 * Does what the fix of each code says, and runs the command again: the code is gone, and nothing worse appears. The fixes of the rules
 * of `check` are followed in test/lib/rules/fixes.test.ts.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { EXPLANATIONS } from '../../../../lib/explain/codes';
import { RULES } from '../../../../lib/rules';
import { PROJECT } from '../../../gates/list-files';
import type { Outcome } from '../../run-recommended';
import { ERROR_CASES, KEY_CASES, ORG_CASES, PROJECT_CASES, ROTATION_CASES, type AdviceCase } from './advice-cases';
import { FOLLOWED_BY, OUTSIDE } from './advice-lists';
import { createScene, problemsOf } from './advice-scene';

const CASES: readonly AdviceCase[] = [
  ...[...ERROR_CASES, ...PROJECT_CASES, ...ROTATION_CASES, ...ORG_CASES, ...KEY_CASES],
];

const isOutcome = (value: unknown): value is Outcome => typeof value === 'object' && value !== null && 'exit' in value;

for (const { code, kind, breaks, command, says, follow, again } of CASES)
  test(`${kind} ${code}: "${says}" works`, async () => {
    const scene = await createScene();
    await breaks?.(scene);
    const before = problemsOf(await scene.run(command));
    const problem = before.find((each) => each.code === code) ?? assert.fail(JSON.stringify(before));
    assert.ok(problem.fix.includes(says), problem.fix);
    const followed = await follow?.(scene, problem);
    const outcome = again === undefined && isOutcome(followed) ? followed : await scene.run(again ?? command);
    assert.ok([0, 2].includes(outcome.exit), JSON.stringify(problemsOf(outcome)));
    const after = problemsOf(outcome).map((each) => each.code);
    assert.ok(!after.includes(code), JSON.stringify(problemsOf(outcome)));
    const known = new Set([...before.map((each) => each.code), ...NOTES]);
    assert.deepEqual(
      after.filter((each) => !known.has(each)),
      [],
    );
  });

/** Notes that a followed fix may add. */
const NOTES = ['key-unused', 'replacement-applied'];

const rules = new Set(RULES.map(({ id }) => id));
const idOf = ({ kind, code }: { readonly kind: string; readonly code: string }): string => `${kind} ${code}`;

test('each code has a fix that a test follows, or a reason why it cannot be followed here', () => {
  const followed = new Set([...CASES.map(idOf), ...Object.keys(FOLLOWED_BY)]);
  const codes = EXPLANATIONS.filter(({ code, kind }) => kind === 'error' || !rules.has(code)).map(idOf);
  const listed = [...followed, ...Object.keys(OUTSIDE)];
  assert.deepEqual(
    codes.filter((code) => !listed.includes(code)),
    [],
  );
  assert.deepEqual(
    listed.filter((code) => !codes.includes(code)),
    [],
  );
  assert.deepEqual(
    Object.keys(OUTSIDE).filter((code) => followed.has(code)),
    [],
  );
});

test('the tests that follow other fixes exist', () => {
  for (const [code, [file, title]] of Object.entries(FOLLOWED_BY))
    assert.ok(readFileSync(join(PROJECT, 'scripts/test', file), 'utf8').includes(title), `${code}: ${file}`);
});

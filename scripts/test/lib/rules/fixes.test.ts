/** Does what the fixes of rules say, and checks again: the finding is gone, and nothing else is reported. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { AUTHORIZATION_CASES, CHANNEL_CASES } from './cases/channel';
import { FLEET_CASES } from './cases/fleet';
import { KEY_CASES } from './cases/key';
import { ENDPOINT_CASES, KEYSET_CASES } from './cases/keyset';
import type { RuleCase } from './cases/rule-case';
import type { Finding } from '../../../lib/model';
import { RULE_TEXTS } from '../../../lib/explain/codes/rule-texts';
import { SCHEMA_CASES } from './cases/schema';
import type { Instruction } from './fix-steps';
import { INSTRUCTIONS } from './instructions';
import { applyEdits, findingsIn, validProject, type Files } from './valid-project';

const CASES: readonly RuleCase[] = [
  ...[...SCHEMA_CASES, ...CHANNEL_CASES, ...AUTHORIZATION_CASES, ...KEYSET_CASES],
  ...[...ENDPOINT_CASES, ...KEY_CASES, ...FLEET_CASES],
];

let validFiles: Files;
before(async () => {
  validFiles = await validProject();
});

interface Violated {
  readonly files: Files;
  readonly finding: Finding;
}

const violations = new Map<RuleCase, Violated>();

/** The project of a case, and its finding. Some cases create keys, so each is built once. */
async function violated(ruleCase: RuleCase): Promise<Violated> {
  const existing = violations.get(ruleCase);
  if (existing) return existing;
  const { violation } = ruleCase;
  const files = applyEdits(validFiles, typeof violation === 'function' ? await violation() : violation);
  const built = { files, finding: findingsIn(files)[0] ?? assert.fail('no finding') };
  violations.set(ruleCase, built);
  return built;
}

const casesOf = ({ rule, when }: Instruction): readonly RuleCase[] =>
  CASES.filter((each) => each.rule === rule && (when === undefined || each.violatedWhen.includes(when)));

for (const instruction of INSTRUCTIONS)
  for (const ruleCase of casesOf(instruction))
    test(`${instruction.rule}: "${instruction.says}" works if ${ruleCase.violatedWhen}`, async () => {
      const { files, finding } = await violated(ruleCase);
      assert.ok(finding.fix.includes(instruction.says), finding.fix);
      const left = findingsIn(await instruction.step(files, finding));
      if (instruction.accepted) {
        assert.deepEqual([...new Set(left.map(({ rule }) => rule))], [finding.rule]);
        assert.ok(left.every(({ severity }) => severity !== finding.severity && severity !== 'error'));
      } else
        assert.deepEqual(
          left.filter(({ rule, severity }) => rule === finding.rule || severity !== 'note'),
          [],
        );
    });

test('explain shows the fix of a case of the rule', async () => {
  const shown = new Map<string, string[]>();
  for (const ruleCase of CASES)
    shown.set(ruleCase.rule, [...(shown.get(ruleCase.rule) ?? []), (await violated(ruleCase)).finding.fix]);
  const others = Object.entries(RULE_TEXTS).filter(([rule, [, fix]]) => shown.get(rule)?.includes(fix) !== true);
  assert.deepEqual(
    others.map(([rule, [, fix]]) => [rule, fix, shown.get(rule)?.[0]]),
    [],
  );
});

test('the fix of every case of a rule is followed, and every instruction is of a case', () => {
  const unfollowed = CASES.filter((ruleCase) => !INSTRUCTIONS.some((each) => casesOf(each).includes(ruleCase)));
  assert.deepEqual(
    unfollowed.map(({ rule, violatedWhen }) => `${rule}: ${violatedWhen}`),
    [],
  );
  assert.deepEqual(
    INSTRUCTIONS.filter((each) => casesOf(each).length === 0),
    [],
  );
});

import { commandsIn } from '../../../lib/model';
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { RULES } from '../../../lib/rules';
import type { RuleCase } from './cases/rule-case';
import { AUTHORIZATION_CASES, CHANNEL_CASES } from './cases/channel';
import { FLEET_CASES } from './cases/fleet';
import { KEY_CASES } from './cases/key';
import { ENDPOINT_CASES, KEYSET_CASES } from './cases/keyset';
import { SCHEMA_CASES } from './cases/schema';
import { applyEdits, findingsIn, validProject, type Files } from './valid-project';

const CASES: readonly RuleCase[] = [
  ...SCHEMA_CASES,
  ...CHANNEL_CASES,
  ...AUTHORIZATION_CASES,
  ...KEYSET_CASES,
  ...ENDPOINT_CASES,
  ...KEY_CASES,
  ...FLEET_CASES,
];

let validFiles: Files;
before(async () => {
  validFiles = await validProject();
});

const editedProject = async (edits: RuleCase['violation']): Promise<Files> =>
  applyEdits(validFiles, typeof edits === 'function' ? await edits() : edits);

const lineOf = (text: string, part: string): number => text.split('\n').findIndex((line) => line.includes(part)) + 1;

test('reports nothing for the valid project', () => {
  assert.deepEqual(findingsIn(validFiles), []);
});

for (const { rule, violatedWhen, violation, location, validWhen, valid } of CASES) {
  test(`reports only ${rule} if ${violatedWhen}`, async () => {
    const files = await editedProject(violation);
    const findings = findingsIn(files);
    const [file, part] = location;
    assert.deepEqual([...new Set(findings.map((finding) => finding.rule))], [rule]);
    const places = findings.map((finding) => `${finding.file}:${finding.line}`);
    assert.deepEqual([...new Set(places)], [`${file}:${lineOf(files[file] ?? '', part)}`]);
    const { severity } = RULES.find(({ id }) => id === rule) ?? assert.fail('no such rule');
    for (const finding of findings) {
      // No org receives the spare components, so their findings are notes.
      assert.equal(finding.severity, finding.message.endsWith('No org receives this component.') ? 'note' : severity);
      assert.match(finding.message, /^\S.*[.)]$/s);
      // A command at the end has no period, so that it can be copied with the rest of the line.
      const command = commandsIn(finding.fix).at(-1);
      assert.ok(/^\S.*[.?]$/s.test(finding.fix) || (command && finding.fix.endsWith(command)), finding.fix);
    }
  });

  test(`does not report ${rule} if ${validWhen}`, async () => {
    assert.deepEqual(findingsIn(await editedProject(valid)), []);
  });
}

test('every rule has a case, and every case a rule', () => {
  const cited = new Set(CASES.map(({ rule }) => rule));
  assert.deepEqual([...cited].sort(), RULES.map(({ id }) => id).sort());
});

test('every rule has a unique ID, a requirement and a source', () => {
  assert.equal(new Set(RULES.map(({ id }) => id)).size, RULES.length);
  for (const { id, summary, source } of RULES) {
    assert.match(id, /^[a-z0-9]+(-[a-z0-9]+)*$/);
    assert.match(summary, /\.$/, id);
    assert.ok(source.length > 5, id);
  }
});

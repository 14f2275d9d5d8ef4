import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { format, resolveConfig } from 'prettier';
import { codesPage, EXPLANATIONS, explanationsOf, similarCode } from '../../../../lib/explain/codes';
import { RULE_TEXTS } from '../../../../lib/explain/codes/rule-texts';
import { RULES } from '../../../../lib/rules';
import { codesIn } from '../../../gates/codes';
import { PROJECT } from '../../../gates/list-files';
import { documentSchemas } from '../../../commands/document-schemas';
import { capturedContext, type CapturedOutput } from '../../captured-context';
import type { CommonFlags } from '../../../../lib/cli';
import { runExplainCode } from '../../../../lib/commands/explain';
import { parseSources, readSources } from '../../../gates/sources';

/** Texts of the source that look like codes and aren't shown to anybody. */
const NOT_SHOWN: Readonly<Record<string, string>> = { custom: 'a kind of issue of zod' };

const CODES = codesIn(readSources(join(PROJECT, 'scripts')));

test('each code of the source has an explanation, and each explanation is of a code of the source', () => {
  const explained = new Set(EXPLANATIONS.map(({ code }) => code));
  const missing = [...CODES].filter(([code]) => !explained.has(code) && NOT_SHOWN[code] === undefined);
  assert.deepEqual(missing, []);
  assert.deepEqual(
    [...explained].filter((code) => !CODES.has(code)),
    [],
  );
  assert.ok(explained.size > 200, 'the codes are found');
});

test('each rule has an example and a fix, and no text is of another rule', () => {
  assert.deepEqual(Object.keys(RULE_TEXTS).sort(), RULES.map(({ id }) => id).sort());
});

test('explanations are complete sentences or end with a command', () => {
  for (const { code, cause, example, fix } of EXPLANATIONS) {
    assert.match(cause, /^\S.*\.$/, code);
    assert.ok(example.length > 10 && fix.length > 10, code);
    assert.match(fix, /^\S.*(?:[.?)]|(?:npm run|npm ci|npx sf|openssl|Get-Content).*)$/, code);
  }
});

test('finds the explanations of a code in any case, and a similar code for a misspelled one', () => {
  assert.deepEqual(
    explanationsOf('Unknown-Component').map(({ kind }) => kind),
    ['error', 'finding'],
  );
  assert.deepEqual(explanationsOf('constructor'), []);
  assert.equal(similarCode('deploy-faild'), 'deploy-failed');
});

test('explain prints its document for one code and for all codes', () => {
  for (const code of ['unknown-component', undefined]) {
    const output: CapturedOutput = { shown: [], documents: [], progress: [], questions: [] };
    const flags = { org: [], project: PROJECT, json: true, ...(code !== undefined && { code }) };
    runExplainCode(capturedContext<CommonFlags & { readonly code?: string }>(flags, output));
    const { codes } = documentSchemas.explain.parse(JSON.parse(output.documents[0] ?? ''));
    assert.equal(codes.length, code === undefined ? EXPLANATIONS.length : 2);
  }
});

test('guides/codes.md is what generate writes', async () => {
  const file = join(PROJECT, 'scripts/guides/codes.md');
  const text = await format(codesPage(EXPLANATIONS), { ...(await resolveConfig(file)), filepath: file });
  assert.equal(readFileSync(file, 'utf8'), text, 'Run: npm run generate');
});

test('finds codes in union types, rule tables, properties, parameters, and lists that are spread', () => {
  const sources = parseSources(
    new Map([
      ['lib/a.ts', "export type ErrorCode = 'one-code' | 'two-code'; const finding = (rule: string) => rule;"],
      ['lib/b.ts', "defineRules({ 'three-code': error('x', 'y'), four: error('x', 'y') });"],
      [
        'lib/c.ts',
        "import { finding } from './a'; finding(late ? 'five-code' : 'six-code'); f({ code: 'seven-code' });",
      ],
      ['lib/d.ts', "const report = (from: string, code: string) => code; report(...(['x', 'eight-code'] as const));"],
      ['lib/e.ts', "type Report = (rule: string) => void; const run = (report: Report) => report('nine-code');"],
      ['local-org/f.ts', "f({ code: 'other' });"],
    ]),
  );
  const expected = ['one-code', 'two-code', 'three-code', 'four', 'five-code', 'six-code', 'seven-code'];
  assert.deepEqual([...codesIn(sources).keys()].sort(), [...expected, 'eight-code', 'nine-code'].sort());
});

/** Checks that user-facing text and comments use the terms of the project. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { test } from 'node:test';
import { listFiles, PROJECT } from './list-files';
import { formatProblems } from './problem';
import { EXCEPTIONS, VOCABULARY, vocabularyProblems } from './vocabulary';

/** Modules whose text isn't rewritten yet. Their problems are counted, and problems elsewhere fail the test. */
const PENDING: readonly string[] = [];

const relativePath = (file: string): string => relative(PROJECT, file).split(sep).join('/');

const files = [
  ...['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md'].filter((name) => existsSync(join(PROJECT, name))),
  ...listFiles(join(PROJECT, 'scripts'), '.ts', '.md').map(relativePath),
  ...listFiles(join(PROJECT, 'config'), '.md').map(relativePath),
  ...['force-app', 'member-site'].flatMap((folder) => listFiles(join(PROJECT, folder), '-meta.xml').map(relativePath)),
  ...listFiles(join(PROJECT, '.github'), '.yml').map(relativePath),
].filter((file) => !file.startsWith('scripts/test/'));

/** `lib/cli`, `local-org`, `guides`, or the name of a file: what one person rewrites at a time. */
const moduleOf = (file: string): string => {
  const [first = '', second = '', third = ''] = file.split('/');
  if (first !== 'scripts') return first;
  return second === 'lib' ? `lib/${third}` : second.includes('.') ? 'commands' : second;
};

const problems = files.flatMap((file) => vocabularyProblems(file, readFileSync(join(PROJECT, file), 'utf8')));

test('user-facing text and comments use the terms of the project', (t) => {
  const counts = new Map<string, number>();
  problems.forEach(({ file }) => counts.set(moduleOf(file), (counts.get(moduleOf(file)) ?? 0) + 1));
  const pending = [...counts].filter(([name]) => PENDING.includes(name));
  if (pending.length > 0) t.diagnostic(pending.map(([name, count]) => `${name}: ${count}`).join(', '));
  assert.ok(files.length > 300, 'the files of the project are found');
  assert.equal(formatProblems(problems.filter(({ file }) => !PENDING.includes(moduleOf(file)))), '');
});

test('every exception has a reason and is still needed', () => {
  for (const { file, text, reason } of EXCEPTIONS) {
    assert.ok(reason !== '', text);
    const line = readFileSync(join(PROJECT, file), 'utf8')
      .split('\n')
      .find((each) => each.includes(text));
    assert.ok(line !== undefined && VOCABULARY.some(({ pattern }) => line.search(pattern) >= 0), `${file}: ${text}`);
  }
});

test('finds a word in strings, templates, comments, XML text, and Markdown, and not in identifiers', () => {
  const found = (file: string, text: string): readonly string[] =>
    vocabularyProblems(file, text).map(({ line, message }) => `${line} ${message}`);
  const expected = '"mends": use fix';
  assert.deepEqual(found('a.ts', "\nconst x = 'it mends';"), [`2 ${expected}`]);
  assert.deepEqual(found('a.ts', '/** It mends. */\nconst x = `a ${y} mends`;'), [`1 ${expected}`, `2 ${expected}`]);
  assert.deepEqual(found('a.ts', 'const mends = sealed.mends(proof);'), []);
  assert.deepEqual(found('a.xml', '<mends>\n<label>It mends</label></mends>'), [`2 ${expected}`]);
  assert.deepEqual(found('a.md', 'It\nmends, recommends, and amends.'), [`2 ${expected}`]);
});

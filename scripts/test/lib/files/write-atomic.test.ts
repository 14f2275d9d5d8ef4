import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { writeAtomic } from '../../../lib/files';

function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'write-atomic-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

test('writes the whole text, creates folders, and leaves no other file', (t) => {
  const folder = temporaryFolder(t);
  const text = 'é'.repeat(300_000);
  writeAtomic(join(folder, 'a/b/report.json'), text);
  assert.equal(readFileSync(join(folder, 'a/b/report.json'), 'utf8'), text);
  assert.deepEqual(readdirSync(join(folder, 'a/b')), ['report.json']);
});

test('replaces an existing file', (t) => {
  const file = join(temporaryFolder(t), 'plan.json');
  writeFileSync(file, 'a longer text that was there before');
  writeAtomic(file, 'new');
  assert.equal(readFileSync(file, 'utf8'), 'new');
});

test('leaves nothing over when the file cannot be replaced', (t) => {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, 'taken/inside'), { recursive: true });
  assert.throws(() => writeAtomic(join(folder, 'taken'), 'text'), { code: 'EISDIR' });
  assert.deepEqual(readdirSync(folder), ['taken']);
});

test('gives the file the mode that is asked for', { skip: process.platform === 'win32' }, (t) => {
  const file = join(temporaryFolder(t), 'secret');
  writeAtomic(file, 'text', { mode: 0o600 });
  assert.equal(statSync(file).mode & 0o777, 0o600);
});

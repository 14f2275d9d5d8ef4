import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { MonitorRun } from '../../../lib/model';
import { readHistory, writeHistory } from '../../../lib/monitor/history';

function temporaryFolder(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'history-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const runAt = (at: string): MonitorRun => ({
  at,
  since: '2026-11-27T00:00:00.000Z',
  orgs: [{ alias: 'uat', status: 'unchanged', failed: [], inconclusive: [], traffic: [], expirations: [] }],
});

test('a history is read in the order of its runs', (context) => {
  const folder = join(temporaryFolder(context), 'new');
  assert.deepEqual(readHistory(folder), []);
  const runs = ['2026-11-28T02:00:00.000Z', '2026-11-28T01:00:00.000Z'].map(runAt);
  runs.forEach((run) => writeHistory(folder, run));
  assert.deepEqual(readHistory(folder), runs.toReversed());
});

test('a history reads documents of --json, and ignores other files', (context) => {
  const folder = temporaryFolder(context);
  const monitor = runAt('2026-11-28T01:00:00.000Z');
  const document = { command: 'monitor', exitCode: 0, findings: [], orgs: [], monitor };
  const files = { 'run.json': JSON.stringify(document), 'other.json': '{}', 'cut.json': '{"moni', 'note.txt': 'x' };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  mkdirSync(join(folder, 'folder.json'));
  if (process.platform !== 'win32') execFileSync('mkfifo', [join(folder, 'pipe.json')]);
  assert.deepEqual(readHistory(folder), [monitor]);
});

test('a folder that cannot be used is an error before an org is contacted', (context) => {
  const file = join(temporaryFolder(context), 'file');
  writeFileSync(file, '');
  assert.throws(() => readHistory(file), { code: 'unreadable-file', exit: 3 });
});

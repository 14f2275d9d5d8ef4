import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { writeReports, type Context } from '../../../lib/cli';
import { documentSchemas } from '../../commands/document-schemas';
import { REPORT } from '../report/sample-reports';
import { runScript, type CommandExit } from './run-script';

const folder = mkdtempSync(join(tmpdir(), 'reports-'));
after(() => rmSync(folder, { recursive: true }));

const runCheckScript = (argv: readonly string[], env = {}): Promise<CommandExit> =>
  runScript('scripts/check.ts', argv, env);
const inFolder = (name: string): string => join(folder, name);

test('check writes every requested report, and creates missing folders', async () => {
  const [junit, markdown, html] = ['all/b/junit.xml', 'all/comment.md', 'all/page.html'].map(inFolder);
  const { exit } = await runCheckScript(['--junit', junit ?? '', '--markdown', markdown ?? '', '--html', html ?? '']);
  assert.equal(exit, 0);
  assert.match(readFileSync(junit ?? '', 'utf8'), /^<\?xml[^]*<\/testsuites>\n$/);
  assert.match(readFileSync(markdown ?? '', 'utf8'), /^<!-- user-verification:check -->\n/);
  assert.match(readFileSync(html ?? '', 'utf8'), /^<!doctype html>[^]*<\/html>\s*$/);
  assert.deepEqual(
    readdirSync(inFolder('all')).sort(),
    ['b', 'comment.md', 'page.html'],
    'nothing is left beside the reports',
  );
});

test('a command that stops at an error includes the error in its reports', async () => {
  const junit = inFolder('error.xml');
  const { exit, out } = await runCheckScript(['--json', '--org', 'nowhere', '--junit', junit]);
  assert.deepEqual([exit, documentSchemas.stopped.parse(JSON.parse(out)).error.code], [3, 'unknown-org']);
  assert.match(readFileSync(junit, 'utf8'), /<error message="[^"]+" type="unknown-org">/);
});

mkdirSync(inFolder('taken'));
writeFileSync(inFolder('file'), '');
const UNWRITABLE_PATHS: readonly (readonly [claim: string, argv: readonly string[]])[] = [
  ['a folder', ['--html', inFolder('taken')]],
  ['a file below a file', ['--junit', inFolder('file/x.xml')]],
  ['one file for two reports', ['--html', inFolder('same'), '--markdown', inFolder('same')]],
];

for (const [claim, argv] of UNWRITABLE_PATHS) {
  test(`rejects ${claim} as a report path before any other check`, async () => {
    // The project is invalid too, so reading it first would report another error.
    const { exit, out } = await runCheckScript(['--json', '--project', inFolder('taken'), ...argv]);
    assert.deepEqual([exit, documentSchemas.stopped.parse(JSON.parse(out)).error.code], [3, 'unreadable-file']);
    assert.ok(!existsSync(inFolder('same')));
  });
}

test('a report that cannot be written fails the command, writes no other report, and keeps the previous file', async () => {
  const said: string[] = [];
  const [html, junit] = ['late.html', 'late.html/late.xml'].map(inFolder);
  writeFileSync(html ?? '', 'before');
  const context = {
    flags: { org: [], project: folder, json: true, junit, html },
    layout: { columns: 1000, color: false },
    now: REPORT.at,
    print: (text: string) => void said.push(text),
    printJson: (text: string) => void said.push(text),
  } as unknown as Context;
  const exit = await writeReports(context, { ...REPORT.document, exitCode: 2 });
  assert.equal(exit, 1);
  assert.equal((JSON.parse(said.at(-1) ?? '') as { exitCode: number }).exitCode, 1);
  assert.match(said.join('\n'), /The report .*late\.xml can't be written/);
  assert.match(readFileSync(html ?? '', 'utf8'), /^<!doctype html>/);
});

test('prints annotations only in GitHub Actions, and to stderr with --json', async () => {
  const project = inFolder('project');
  mkdirSync(join(project, 'config/orgs'), { recursive: true });
  writeFileSync(join(project, 'sfdx-project.json'), '{ "packageDirectories": [{ "path": "force-app" }] }');
  mkdirSync(join(project, 'force-app'));
  const env = { GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: folder };
  const plain = await runCheckScript(['--project', project]);
  assert.doesNotMatch(plain.out + plain.err, /^::/m);
  const shown = await runCheckScript(['--project', project], env);
  assert.match(shown.out, /^::error file=project\/config\/orgs,line=1,title=no-orgs::/m);
  const json = await runCheckScript(['--json', '--project', project], env);
  assert.match(json.err, /^::error file=project/m);
  documentSchemas.any.parse(JSON.parse(json.out));
});

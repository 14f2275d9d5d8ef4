import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runRuns, type RunsFlags } from '../../../lib/commands/runs';
import type { Context } from '../../../lib/cli';
import { AT, header, ORG_ID, runsFolder, step, writeRun } from '../rollout/journal-fixture';

/** The text and the JSON document of the command. */
function list(project: string) {
  const lines: string[] = [];
  let document: unknown;
  const context = {
    flags: { project, runs: '.runs' },
    layout: { columns: 80, color: false },
    print: (text: string) => void lines.push(text),
    printJson: (text: string) => (document = JSON.parse(text) as unknown),
  };
  const exit = runRuns(context as unknown as Context<RunsFlags>);
  return { exit, text: lines.join('\n'), document };
}

function projectWithRuns(): string {
  const project = runsFolder();
  const runs = join(project, '.runs');
  const killed = [step('dev', 'deploying', 'Queue:A'), step('dev', 'deployed'), step('dev', 'publishing', 'Site')];
  writeRun(runs, '1', header(['dev', 'uat']), ...killed, step('uat', 'skipped'));
  writeRun(runs, '2', header(['qa'], { command: 'post-refresh' }), step('qa', 'changed'));
  mkdirSync(join(runs, '1/snapshots'));
  writeFileSync(join(runs, '1/snapshots/dev.json'), '{"damaged"');
  return project;
}

test('lists the runs, newest first, with what is left and the commands that resume and roll back', () => {
  const project = projectWithRuns();
  const { exit, text } = list(project);
  const summary = text.slice(text.indexOf('2 runs in'));
  assert.equal(exit, 0);
  assert.equal(
    text,
    `2026-11-01 10:00 UTC  post-refresh  complete
  Run: 2
  Orgs: qa (changed)

2026-11-01 10:00 UTC  deploy  incomplete
  Run: 1
  Orgs: dev (interrupted), uat (skipped)
  Left: dev (Site might not be published), uat (skipped)
  Resume: npm run deploy -- --resume 1
  Roll back: npm run rollback -- --run 1

${summary}`,
  );
  assert.equal(
    summary.replace(/\n +/g, ' '),
    `2 runs in ${join(project, '.runs')}: 1 incomplete. To resume the latest incomplete run: npm run deploy -- --resume 1`,
  );
  assert.ok(summary.endsWith('npm run deploy -- --resume 1'), 'a command stays in one line');
});

test('wraps the orgs of a large run at the width of the terminal', () => {
  const project = runsFolder();
  const aliases = Array.from({ length: 12 }, (_, index) => `region${index}`);
  writeRun(join(project, '.runs'), '1', header(aliases), ...aliases.map((alias) => step(alias, 'changed')));
  const orgs = list(project).text.split('\n').slice(2, -2);
  assert.ok(orgs.length > 3 && orgs.every((line) => line.length <= 80), orgs.join('\n'));
});

test('prints the runs as one JSON document', () => {
  const qa = { alias: 'qa', orgId: '00Dqa0000000000EAA', status: 'changed' };
  const dev = { alias: 'dev', orgId: ORG_ID, status: 'interrupted', left: 'Site might not be published' };
  const uat = { alias: 'uat', orgId: '00Duat000000000EAA', status: 'skipped', left: 'skipped' };
  const resume = 'npm run deploy -- --resume 1';
  assert.deepEqual(list(projectWithRuns()).document, {
    command: 'runs',
    exitCode: 0,
    findings: [],
    runs: [
      { id: '2', startedAt: AT, command: 'post-refresh', result: 'complete', orgs: [qa] },
      {
        id: '1',
        startedAt: AT,
        command: 'deploy',
        result: 'incomplete',
        orgs: [dev, uat],
        resume,
        rollback: 'npm run rollback -- --run 1',
      },
    ],
    unreadable: [],
  });
});

test('names the command that resumes the latest of several incomplete runs', () => {
  const project = projectWithRuns();
  const killed = [step('qa', 'deploying', 'Queue:A'), step('qa', 'deployed'), step('qa', 'publishing', 'Site')];
  writeRun(join(project, '.runs'), '3', header(['qa']), ...killed);
  assert.match(
    list(project).text.replace(/\n +/g, ' '),
    /: 2 incomplete\. To resume the latest incomplete run: npm run deploy -- --resume 3$/,
  );
});

test('reports no runs for a project without a folder of runs', () => {
  const project = runsFolder();
  assert.equal(
    list(project).text.replace(/\n +/g, ' '),
    `0 runs in ${join(project, '.runs')}: 0 incomplete. If the runs are in another folder, specify it with --runs.`,
  );
});

test('lists a journal that cannot be read next to the other runs', () => {
  const project = projectWithRuns();
  mkdirSync(join(project, '.runs/3/journal.ndjson'), { recursive: true });
  const { text } = list(project);
  assert.match(text, /\n3\n {2}Result: unknown, because the journal can't be read \(it isn't a file\)\.\n/);
  assert.match(text, /\n3 runs in [^]*: 1 incomplete\./);
});

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { appendToJournal, createJournal, readRun, readRuns, type Journal } from '../../../lib/rollout';
import { printIncompleteRuns } from '../../../lib/rollout/incomplete-runs';
import { findRemainingWork } from '../../../lib/rollout/remaining-work';
import { ORG_ID, runsFolder } from './journal-fixture';

const NOW = new Date('2026-11-27T10:00:00Z');
const JOB = '0Af000000000001AAA';
const OTHER_ID = '00D000000000002EAA';

interface RunOptions {
  readonly command?: string;
  readonly alias?: string;
  readonly orgId?: string;
  readonly publish?: readonly string[];
  readonly now?: Date;
  readonly resumeCommand?: string;
}

/** Starts a run of one org and writes steps, each a name with an optional detail. */
function start(folder: string, options: RunOptions, ...steps: readonly (readonly [string, string?])[]): Journal {
  const { now = NOW } = options;
  const journal = createJournal(folder, now);
  plan(journal, options);
  steps.forEach((each) => write(journal, options, ...each));
  return journal;
}

function plan(journal: Journal, { command = 'deploy', alias = 'dev', orgId = ORG_ID, ...more }: RunOptions): void {
  const { publish = [], resumeCommand } = more;
  const orgs = [{ alias, orgId, changes: [], publish }];
  journal.begin({ command, from: 'project', orgs, ...(resumeCommand !== undefined && { resumeCommand }) });
}

const write = (journal: Journal, { alias = 'dev' }: RunOptions, step: string, detail?: string): void =>
  journal.write({ org: alias, step, ...(detail !== undefined && { detail }) });

/** Each run with remaining work: its ID, the chat deployments to publish, and whether a deploy job is pending. */
const remaining = (folder: string) =>
  findRemainingWork(readRuns(folder).runs).map(({ run, publishes, deploy }) => ({
    id: basename(run.folder),
    publishes,
    job: deploy !== undefined,
  }));

/** Starts a run that was killed while it published Site. Returns its folder of runs and its entry. */
function killedWhilePublishing() {
  const folder = runsFolder();
  const run = start(folder, { publish: ['Site'] }, ['deploying', 'Queue:A'], ['deployed'], ['publishing', 'Site']);
  return { folder, run, left: [{ id: basename(run.folder), publishes: ['Site'], job: false }] };
}

test('a run that was killed while publishing has its chat deployments left', () => {
  const { folder, left } = killedWhilePublishing();
  assert.deepEqual(remaining(folder), left);
});

for (const [name, options, steps] of [
  ['of another org', { orgId: OTHER_ID, publish: ['Site'] }, [['publishing', 'Site'], ['published'], ['changed']]],
  ['that found the org unchanged', { publish: ['Site'] }, [['unchanged']]],
  ['that published another chat deployment', { publish: ['App'] }, [['publishing', 'App'], ['published'], ['changed']]],
] as const)
  test(`the work of a killed run remains after a run ${name}`, () => {
    const { folder, left } = killedWhilePublishing();
    start(folder, options, ...(steps as readonly (readonly [string, string?])[]));
    assert.deepEqual(remaining(folder), left);
  });

test('nothing is left of a killed run after a later run published the same chat deployments, also under another alias', () => {
  const { folder } = killedWhilePublishing();
  start(folder, { alias: 'new', publish: ['Site', 'App'] }, ['publishing', 'Site, App'], ['published'], ['changed']);
  assert.deepEqual(remaining(folder), []);
});

test('a later run that was killed while publishing the same chat deployment leaves both runs incomplete', () => {
  const { folder, left } = killedWhilePublishing();
  const second = start(folder, { publish: ['Site'] }, ['publishing', 'Site']);
  assert.deepEqual(new Set(remaining(folder)), new Set([...left, { ...left[0], id: basename(second.folder) }]));
});

test('a run that planned before the other run wrote does not complete the work of it', () => {
  const folder = runsFolder();
  const first = start(folder, { publish: ['Site'] }, ['waiting']);
  start(folder, { publish: ['Site'] }, ['publishing', 'Site'], ['published'], ['changed']);
  write(first, {}, 'publishing', 'Site');
  assert.deepEqual(remaining(folder), [{ id: basename(first.folder), publishes: ['Site'], job: false }]);
});

test('a resumed run completes the work of runs that started after it', () => {
  const { folder, run } = killedWhilePublishing();
  start(folder, { publish: ['App'] }, ['publishing', 'App']);
  const resumed = appendToJournal(run.folder);
  plan(resumed, { publish: ['Site', 'App'] });
  write(resumed, {}, 'publishing', 'Site, App');
  write(resumed, {}, 'published');
  write(resumed, {}, 'changed');
  assert.deepEqual(remaining(folder), []);
});

test('the publications before a resumed run planned do not complete a run that started in between', () => {
  const folder = runsFolder();
  const first = start(folder, { publish: ['App'] }, ['publishing', 'App'], ['published'], ['failed']);
  const second = start(folder, { publish: ['App'] }, ['publishing', 'App']);
  const resumed = appendToJournal(first.folder);
  plan(resumed, {});
  write(resumed, {}, 'unchanged');
  assert.deepEqual(remaining(folder), [{ id: basename(second.folder), publishes: ['App'], job: false }]);
});

test('runs are ordered by their sequence, so a clock that was ahead does not hide a later run', () => {
  const folder = runsFolder();
  start(folder, { now: new Date('2099-01-01T00:00:00Z') }, ['changed']);
  const last = start(folder, {}, ['failed']);
  assert.equal(readRun(folder, 'deploy').folder, last.folder);
  assert.deepEqual(
    readRuns(folder).runs.map(({ sequence }) => sequence),
    [1, 2],
  );
});

for (const [result, left] of [
  ['changed', false],
  ['unchanged', true],
  ['failed', true],
] as const)
  test(`a deploy job without a result is ${left ? 'left' : 'over'} after a later run with the result "${result}"`, () => {
    const folder = runsFolder();
    start(folder, {}, ['deploying', 'Queue:A'], ['submitted', JOB]);
    start(folder, {}, [result]);
    assert.equal(
      remaining(folder).some(({ job }) => job),
      left,
    );
  });

test('a deploy job without a result is over after a later run submitted a deploy job', () => {
  const folder = runsFolder();
  start(folder, {}, ['deploying', 'Queue:A'], ['submitted', JOB]);
  start(folder, {}, ['deploying', 'Queue:A'], ['rejected', JOB], ['failed']);
  assert.deepEqual(
    remaining(folder).map(({ job }) => job),
    [false, false],
  );
});

for (const step of ['rejected', 'not submitted'])
  test(`nothing is left to publish after the step "${step}"`, () => {
    const folder = runsFolder();
    start(folder, { publish: ['Site'] }, ['deploying', 'Queue:A'], [step]);
    assert.deepEqual(
      remaining(folder).map(({ publishes }) => publishes),
      [[]],
    );
  });

test('chat deployments are left to publish while the result of the deploy job is unknown', () => {
  const folder = runsFolder();
  start(folder, { publish: ['Site'] }, ['deploying', 'Queue:A']);
  assert.deepEqual(
    remaining(folder).map(({ publishes, job }) => [publishes, job]),
    [[['Site'], true]],
  );
});

for (const [command, replaced] of [
  ['deploy', true],
  ['rollback', true],
  ['keys rotate stage', false],
] as const)
  test(`a failed deploy is ${replaced ? 'complete' : 'incomplete'} after a complete ${command}`, () => {
    const folder = runsFolder();
    start(folder, {}, ['failed']);
    start(folder, { command }, ['unchanged']);
    assert.equal(remaining(folder).length, replaced ? 0 : 1);
  });

test('a failed key rotation is complete after the same step succeeded', () => {
  const folder = runsFolder();
  start(folder, { command: 'keys rotate stage' }, ['failed']);
  start(folder, { command: 'keys rotate stage' }, ['changed']);
  assert.deepEqual(remaining(folder), []);
});

test('a journal that cannot be read does not hide the other runs', () => {
  const { folder, left } = killedWhilePublishing();
  mkdirSync(join(folder, 'damaged', 'journal.ndjson'), { recursive: true });
  mkdirSync(join(folder, 'empty'));
  writeFileSync(join(folder, 'file'), '');
  assert.deepEqual(remaining(folder), left);
  assert.deepEqual(readRuns(folder).unreadable, [{ id: 'damaged', why: "it isn't a file" }]);
  if (process.platform !== 'win32') {
    mkdirSync(join(folder, 'pipe'));
    assert.equal(spawnSync('mkfifo', [join(folder, 'pipe', 'journal.ndjson')]).status, 0);
    assert.equal(readRuns(folder).unreadable[1]?.why, "it isn't a file");
    rmSync(join(folder, 'pipe'), { recursive: true });
  }
  mkdirSync(join(folder, 'truncated', 'snapshots'), { recursive: true });
  writeFileSync(join(folder, 'truncated', 'snapshots', 'dev.json'), '{}');
  writeFileSync(join(folder, 'truncated', 'journal.ndjson'), '\n{"at":"2026-');
  mkdirSync(join(folder, 'unstarted'));
  const settled = JSON.stringify({ at: new Date().toISOString(), org: 'dev', step: 'deployed', detail: 'x' });
  writeFileSync(join(folder, 'unstarted', 'journal.ndjson'), `\n${settled}\n{"at":"2026-`);
  assert.deepEqual(readRuns(folder).unreadable.slice(1), [
    { id: 'truncated', why: 'its header is missing or damaged' },
  ]);
  assert.throws(() => readRun(folder, 'deploy', 'damaged'), { code: 'unreadable-file', exit: 3 });
  assert.throws(() => readRun(folder, 'deploy', 'empty'), { code: 'unknown-run' });
});

test('a folder of runs that cannot be read is an error, because a run may be incomplete', () => {
  const { folder } = killedWhilePublishing();
  const file = join(folder, 'file');
  writeFileSync(file, '');
  assert.deepEqual(readRuns(join(folder, 'absent')).runs, []);
  assert.throws(() => readRuns(file), { code: 'unreadable-file', exit: 3 });
});

/** The lines that a command prints about incomplete runs. */
function linesOf(folder: string, orgId: string, current = {}, runs = '.', columns = 120): readonly string[] {
  const lines: string[] = [];
  const context = {
    flags: { project: folder, runs },
    layout: { columns, color: false },
    print: (text: string) => void lines.push(text),
  };
  printIncompleteRuns(context, [{ orgId }], current);
  return lines;
}

test('an incomplete run of the selected orgs is one sentence with the command that resumes it', () => {
  const { folder, run } = killedWhilePublishing();
  const id = basename(run.folder);
  assert.deepEqual(linesOf(folder, ORG_ID), [
    `Run ${id} (deploy) is incomplete: dev (Site might not be published). Unless it is still\n  running, resume it: npm run deploy -- --resume ${id}`,
  ]);
  assert.deepEqual(linesOf(folder, ORG_ID, {}, '.', 60), [
    `Run ${id} (deploy) is\n  incomplete: dev (Site might not be published). Unless it\n  is still running, resume it:\n  npm run deploy -- --resume ${id}`,
  ]);
  assert.deepEqual(linesOf(folder, OTHER_ID), []);
  assert.deepEqual(linesOf(folder, ORG_ID, { folder: run.folder }), []);
});

test('a run that failed before it wrote is not reported, because a plan shows what is left', () => {
  const folder = runsFolder();
  start(folder, { publish: ['Site'] }, ['failed']);
  assert.deepEqual(linesOf(folder, ORG_ID), []);
});

test('a run of another command is resumed with the command in its journal, and a command does not report its own runs', () => {
  const folder = runsFolder();
  const resumeCommand = 'npm run post-refresh -- --org dev';
  start(folder, { command: 'post-refresh', resumeCommand, publish: ['Site'] }, ['publishing', 'Site']);
  assert.match(linesOf(folder, ORG_ID)[0] ?? '', /:\s+npm run post-refresh -- --org dev$/);
  for (const more of ['', ' --accept new-org-id --no-verify'])
    assert.deepEqual(linesOf(folder, ORG_ID, { resumeCommand: `${resumeCommand}${more}` }), []);
  assert.equal(linesOf(folder, ORG_ID, { resumeCommand: 'npm run post-refresh -- --org uat' }).length, 1);
});

test('a resume command in a journal that is no command of this project is ignored', () => {
  const folder = runsFolder();
  const resumeCommand = 'npm run x -- ; rm -rf ~';
  start(folder, { command: 'post-refresh', resumeCommand, publish: ['Site'] }, ['publishing', 'Site']);
  assert.match(linesOf(folder, ORG_ID)[0] ?? '', /resume it:\s+npm run post-refresh -- --org dev$/);
});

test('a journal that cannot be read is reported for every org', () => {
  const folder = runsFolder();
  mkdirSync(join(folder, 'damaged', 'journal.ndjson'), { recursive: true });
  assert.deepEqual(linesOf(folder, OTHER_ID), [
    "The journal of run damaged can't be read (it isn't a file), so it's unknown whether the run is complete.",
  ]);
});

import assert from 'node:assert/strict';
import { appendFileSync, existsSync, mkdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { asToolError } from '../../../lib/errors';
import { appendToJournal, createJournal, isComplete, readRun, type JournaledOrg } from '../../../lib/rollout';
import { AT, header, ORG_ID, runsFolder, step, writeRun } from './journal-fixture';

const JOB = '0Af000000000001AAA';
const KEYS = 'Queue:Chat, -Queue:Old';
const runs = runsFolder();
const NOW = new Date('2026-11-27T10:25:16.172Z');
const PLAN = { alias: 'dev', orgId: ORG_ID, changes: ['a'], publish: ['Site'] };

/** The org dev after a run with these lines. */
function devAfter(...lines: readonly object[]): JournaledOrg {
  const folder = runsFolder();
  writeRun(folder, 'run', header(['dev']), ...lines);
  return readRun(folder, 'deploy').orgs[0] ?? assert.fail();
}

test('a new journal is in a folder that starts with the UTC time, and is created with the first line', () => {
  const journal = createJournal(runs, NOW);
  assert.match(basename(journal.folder), /^2026-11-27T10-25-16-172Z-[0-9a-f]{6}$/);
  assert.equal(existsSync(journal.folder), false);
  journal.begin({ command: 'deploy', from: 'project', orgs: [PLAN] });
  assert.equal(statSync(join(journal.folder, 'journal.ndjson')).mode & 0o777, 0o600);
  assert.notEqual(createJournal(runs, NOW).folder, journal.folder);
});

test('a written journal reads back with its orgs, steps and results', () => {
  const folder = runsFolder();
  const journal = createJournal(folder, NOW);
  journal.begin({ command: 'deploy', from: 'plan', planCreatedAt: AT, orgs: [PLAN] });
  journal.write({ org: 'dev', step: 'deploying', detail: KEYS, known: [JOB] });
  const run = readRun(folder, 'deploy');
  assert.deepEqual([run.command, run.from, run.planCreatedAt, run.folder], ['deploy', 'plan', AT, journal.folder]);
  const [org] = run.orgs;
  assert.deepEqual([org?.changes, org?.pendingPublishes, org?.status], [['a'], ['Site'], undefined]);
  assert.deepEqual([org?.deploy?.components, org?.deploy?.knownJobIds], [['Queue:Chat', '-Queue:Old'], [JOB]]);
  assert.deepEqual([org?.deploy?.id, org?.deploy?.settled], [undefined, false]);
});

test('a truncated line of a killed run does not hide the first line of the resumed run', () => {
  const folder = runsFolder();
  const journal = createJournal(folder, NOW);
  journal.begin({ command: 'deploy', from: 'project', orgs: [PLAN] });
  appendFileSync(join(journal.folder, 'journal.ndjson'), '{"at":"2026-11-27T10:2');
  appendToJournal(journal.folder).write({ org: 'dev', step: 'changed' });
  assert.equal(readRun(folder, 'deploy').orgs[0]?.status, 'changed');
  assert.match(readFileSync(join(journal.folder, 'journal.ndjson'), 'utf8'), /10:2\n\{/);
});

for (const settled of ['deployed', 'rejected', 'not submitted'])
  test(`a submission is settled after the step "${settled}"`, () => {
    assert.equal(devAfter(step('dev', 'deploying', KEYS), step('dev', settled)).deploy?.settled, true);
  });

for (const name of ['submitted', 'looking up', 'waiting', 'failed', 'unknown'])
  test(`a submission is not settled after the step "${name}"`, () => {
    assert.equal(devAfter(step('dev', 'deploying', KEYS), step('dev', name)).deploy?.settled, false);
  });

for (const [name, settled] of [
  ['created', true],
  ['not created', true],
  ['looking up', false],
] as const)
  test(`the creation of a chat deployment is ${settled ? '' : 'not '}settled after the step "${name}"`, () => {
    const { deploy, written } = devAfter(step('dev', 'creating', 'Site'), step('dev', name, 'Site'));
    assert.deepEqual(deploy, { at: new Date(AT), components: [], knownJobIds: null, creates: 'Site', settled });
    assert.equal(written, name === 'created');
  });

test('the last submission of an org counts', () => {
  const { deploy } = devAfter(
    step('dev', 'deploying', KEYS),
    step('dev', 'submitted', JOB),
    step('dev', 'rejected', JOB),
    step('dev', 'deploying', 'Queue:New', null),
  );
  assert.deepEqual(deploy, {
    at: new Date(AT),
    components: ['Queue:New'],
    knownJobIds: null,
    settled: false,
  });
});

for (const [status, complete] of [
  ['changed', true],
  ['unchanged', true],
  ['failed', false],
  ['skipped', false],
  ['unreachable', false],
  ['unknown', false],
] as const)
  test(`an org with the result "${status}" is ${complete ? 'complete' : 'incomplete'}`, () => {
    const org = devAfter(step('dev', status));
    assert.deepEqual([org.status, isComplete(org)], [status, complete]);
    assert.deepEqual(org.pendingPublishes, complete ? [] : ['Site']);
  });

test('an org without a result is incomplete', () => {
  assert.equal(isComplete(devAfter(step('dev', 'deployed', JOB))), false);
});

test('nothing is pending to publish after the step "published"', () => {
  assert.deepEqual(devAfter(step('dev', 'publishing', 'Site')).pendingPublishes, ['Site']);
  assert.deepEqual(devAfter(step('dev', 'published'), step('dev', 'failed')).pendingPublishes, []);
});

test('a second plan of a resumed run adds to its changes and publications, and resets the result', () => {
  const second = { ...PLAN, changes: ['dev-1', 'b'], publish: ['App'] };
  const org = devAfter(step('dev', 'deploying', KEYS), step('dev', 'failed'), {
    at: AT,
    run: { command: 'deploy', from: 'project', orgs: [second] },
  });
  assert.deepEqual(
    [org.changes, org.pendingPublishes],
    [
      ['dev-1', 'b'],
      ['Site', 'App'],
    ],
  );
  assert.deepEqual([org.status, org.deploy?.components.length], [undefined, 2]);
});

test('readRun returns the last run of a command, or the run with the given ID', () => {
  const folder = runsFolder();
  writeRun(folder, '1', header(['dev']));
  writeRun(folder, '2', header(['dev']));
  writeRun(folder, '3', header(['dev'], { command: 'rollback' }));
  assert.equal(basename(readRun(folder, 'deploy').folder), '2');
  assert.equal(basename(readRun(folder, 'rollback').folder), '3');
  assert.equal(basename(readRun(folder, 'deploy', '1').folder), '1');
  assert.throws(() => readRun(folder, 'deploy', '3'), { code: 'unknown-run', exit: 3 });
  assert.throws(() => readRun(join(folder, 'absent'), 'deploy'), { code: 'unknown-run' });
});

test('a journal on a full disk, or that is a folder, is an error of the file system', () => {
  const folder = runsFolder();
  mkdirSync(join(folder, 'folder', 'journal.ndjson'), { recursive: true });
  const assertError = (name: string, text: string): void =>
    assert.throws(
      () => appendToJournal(join(folder, name)).write({ org: 'dev', step: 'deploying' }),
      (thrown) => {
        const { code, what, why } = asToolError(thrown);
        assert.ok(what.startsWith(join(folder, name, 'journal.ndjson')), what);
        assert.equal(`${code}: ${why}`, text);
        return true;
      },
    );
  assertError('folder', 'file-system: It is a folder, but the command needs a file.');
  // Linux: each write to this device fails with ENOSPC.
  if (!existsSync('/dev/full')) return;
  mkdirSync(join(folder, 'full'));
  symlinkSync('/dev/full', join(folder, 'full', 'journal.ndjson'));
  assertError('full', 'file-system: The disk is full.');
});

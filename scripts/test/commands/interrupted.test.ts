import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { EXIT, ToolError } from '../../lib/errors';
import { runProcess, runWithFileLimit, startProcess } from './command-process';
import { startFleet, writeEvents } from './fleet';
import type { RunOptions } from './run-command';
import { latestRunId, runIds } from './run-helpers';
import { createWorkspace } from './workspace';

const workspace = createWorkspace();
/** Windows has no limit of file sizes. */
const POSIX = { skip: process.platform === 'win32' };
const UNVERIFIED = { channels: ['Guest_Web_Chat'] };

const unreachableError = (): Error =>
  new ToolError('org-unreachable', { what: 'Gone.', why: 'Gone.', fix: 'Wait.' }, { exit: EXIT.unreachable });
const diskFullError = (): Error => new Error('ENOSPC');

/** Throws an error when the org reports a step. */
const failAt = (step: string, thrown: () => Error): RunOptions => ({
  accept: ['disruptive'],
  onProgress: (line) => {
    if (line.includes(`dev: ${step}`)) throw thrown();
  },
});

/** A step, the error at it, and the expected status and exit code. */
const CASES = [
  ['deploying', unreachableError, 'unreachable', 4],
  ['deploying', diskFullError, 'failed', 1],
  ['submitted', unreachableError, 'unknown', 1],
  ['submitted', diskFullError, 'unknown', 1],
  ['deployed', diskFullError, 'failed', 1],
  ['activating', unreachableError, 'unknown', 1],
  ['reading back', unreachableError, 'unknown', 1],
] as const;

describe('status of an org whose deploy stops with an error', () => {
  for (const [step, thrown, outcome, exit] of CASES)
    test(`is ${outcome} after ${thrown.name} at ${step}`, async () => {
      const fleet = await startFleet(workspace, { dev: { config: UNVERIFIED } });
      const ran = await fleet.deploy(failAt(step, thrown));
      assert.deepEqual([ran.org('dev').status, ran.exit], [outcome, exit]);
    });

  test('is unknown after unreachableError at deactivating, and a second rollback succeeds', async () => {
    const fleet = await startFleet(workspace, { dev: { config: UNVERIFIED } });
    assert.equal((await fleet.deployAccepted()).exit, 0);
    const run = latestRunId(fleet);
    const broken = await fleet.run('rollback', { run, ...failAt('deactivating', unreachableError) });
    const { status, deployIds } = broken.org('dev');
    assert.deepEqual([status, deployIds, broken.exit], ['unknown', [], 1]);
    const second = await fleet.run('rollback', { run, accept: ['disruptive'] });
    assert.deepEqual([second.exit, [...fleet.org('dev').files()]], [0, []]);
  });
});

test('sends nothing if its snapshot can not be written in full, and deploys when it can', POSIX, async () => {
  const fleet = await startFleet(workspace, { full: { config: UNVERIFIED, latency: { deploy: 500 } } });
  const argv = ['--org', 'full', '--accept', 'disruptive', '--project', fleet.project];
  const limited = await runWithFileLimit(workspace, 'deploy', argv, 8);
  assert.equal(limited.exit, 1, limited.stderr);
  assert.match(limited.stdout + limited.stderr, /Error \(file-system\):\s[^]*\/snapshots\//);
  assert.deepEqual(writeEvents(fleet.org('full')), []);
  const [run = ''] = runIds(fleet);
  assert.deepEqual(readdirSync(join(fleet.project, '.runs', run, 'snapshots')), []);
  const resumed = await runProcess(workspace, 'deploy', [...argv.slice(2), '--resume', run]);
  assert.equal(resumed.exit, 0, resumed.stderr);
  assert.equal(writeEvents(fleet.org('full')).filter(({ kind }) => kind === 'deploy').length, 1);
});

test('reports a failed activation only after the other activations are done', async () => {
  const channels = ['Guest_Web_Chat', 'Web_Chat'];
  // One activation is rejected at once, the other one takes longer.
  const faults = 'update:redirect@1,update:timeout=3s@2';
  const fleet = await startFleet(workspace, { slow: { config: { channels }, latency: { deploy: 500 }, faults } });
  const argv = ['--org', 'slow', '--accept', 'disruptive', '--project', fleet.project];
  const { exit, stderr } = await runProcess(workspace, 'deploy', argv);
  const updates = fleet.org('slow').log.filter(({ kind, detail }) => kind === 'update' && detail['IsActive'] === true);
  assert.notEqual(exit, 0, stderr);
  assert.equal(updates.length, 1, 'the slow activation is done when the command ends');
});

test('a killed calibration leaves nothing behind after --clean-up', async () => {
  const faults = 'publish:timeout=600s';
  const fleet = await startFleet(workspace, { lab: { config: UNVERIFIED, latency: { deploy: 200 }, faults } });
  const org = fleet.org('lab');
  const argv = ['--org', 'lab', '--yes', '--project', fleet.project];
  const { child, ended } = startProcess(workspace, 'calibrate', [...argv, '--only', 'nbf']);
  while (child.exitCode === null && !org.log.some(({ kind }) => kind === 'fault')) await sleep(50);
  child.kill('SIGKILL');
  await ended;
  org.setFaults('');
  assert.notDeepEqual([...org.files()], []);
  const cleaned = await runProcess(workspace, 'calibrate', [...argv, '--clean-up']);
  assert.equal(cleaned.exit, 0, cleaned.stderr);
  assert.deepEqual([...org.files()], []);
  assert.deepEqual(readdirSync(join(fleet.project, '.runs')), []);
});

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { startFleet, writeEvents, type Fleet } from './fleet';
import type { RunOptions } from './run-command';
import { changedNames, orgState, latestRunId, runIds } from './run-helpers';
import { shareWorkspace } from './workspace';

const workspace = shareWorkspace();
const UNVERIFIED = { config: { channels: ['Guest_Web_Chat'] } };
const CHANNEL = 'messagingChannels/Guest_Web_Chat.messagingChannel';
const SOURCE = `force-app/main/default/${CHANNEL}-meta.xml`;
const ACCEPTED: RunOptions = { accept: ['disruptive'] };

/** Throws at a step, as if the process was killed there. The run does nothing after it. */
const interruptAt = (step: string): RunOptions => ({
  ...ACCEPTED,
  onProgress: (line) => {
    if (line.includes(`dev: ${step}`)) throw new Error('Killed.');
  },
});

const countEvents = (fleet: Fleet, what: string): number =>
  writeEvents(fleet.org('dev')).filter(({ kind }) => kind === what).length;

/** An org with all components, and a later run that changed the token lifetime. */
async function fleetWithRun(): Promise<{ fleet: Fleet; before: ReturnType<typeof orgState>; run: string }> {
  const fleet = await startFleet(workspace, { dev: UNVERIFIED });
  assert.equal((await fleet.deployAccepted()).exit, 0);
  const before = orgState(fleet.org('dev'));
  fleet.rewrite(SOURCE, '>360<', '>400<');
  assert.equal((await fleet.deployAccepted()).exit, 0);
  return { fleet, before, run: latestRunId(fleet) };
}

test('rolls back a run with a running deploy job only after the job has ended', async () => {
  const fleet = await startFleet(workspace, { dev: { ...UNVERIFIED, latency: { deploy: 3_000 } } });
  const broken = await fleet.deployAccepted(interruptAt('submitted'));
  assert.equal(broken.org('dev').status, 'unknown');
  const { exit, org } = await fleet.run('rollback', { run: latestRunId(fleet), ...ACCEPTED });
  assert.deepEqual([exit, org('dev').status, [...fleet.org('dev').files()]], [0, 'changed', []]);
});

test('publishes in a second rollback when the first one stopped before publishing, and deploys nothing twice', async () => {
  const { fleet, before, run } = await fleetWithRun();
  const [deployed, published] = [countEvents(fleet, 'deploy'), countEvents(fleet, 'publish')];
  assert.equal((await fleet.run('rollback', { run, ...interruptAt('publishing') })).exit, 1);
  assert.deepEqual([countEvents(fleet, 'deploy'), countEvents(fleet, 'publish')], [deployed + 1, published]);
  const second = await fleet.run('rollback', { run });
  assert.deepEqual([second.exit, changedNames(orgState(fleet.org('dev')), before)], [0, []]);
  assert.deepEqual([countEvents(fleet, 'deploy'), countEvents(fleet, 'publish')], [deployed + 1, published + 1]);
  assert.equal((await fleet.run('rollback', { run })).org('dev').status, 'unchanged');
  assert.equal(countEvents(fleet, 'publish'), published + 1);
});

test('rejects --resume without a run ID after an incomplete rollback', async () => {
  const { fleet, run } = await fleetWithRun();
  assert.equal((await fleet.run('rollback', { run, ...interruptAt('deploying') })).exit, 1);
  const written = writeEvents(fleet.org('dev')).length;
  await assert.rejects(fleet.deploy({ resume: true }), {
    code: 'invalid-flag',
    exit: 3,
    why: /A later rollback is incomplete at: dev/,
    fix: new RegExp(`--resume ${run}`),
  });
  assert.equal(writeEvents(fleet.org('dev')).length, written);
  assert.equal((await fleet.deploy({ resume: run })).exit, 0);
  assert.equal((await fleet.run('rollback', { run, submitTimeout: '1s' })).exit, 0);
  assert.equal((await fleet.deploy({ resume: true })).exit, 0, 'the rollback is complete');
});

test('resumes a run of a saved plan only with the same plan and deploys nothing twice', async () => {
  const fleet = await startFleet(workspace, { dev: UNVERIFIED });
  const [plan, other] = ['plan.json', 'other.json'].map((name) => join(fleet.project, name)) as [string, string];
  await fleet.plan({ out: plan });
  assert.equal((await fleet.deploy({ plan, ...interruptAt('activating') })).exit, 1);
  fleet.rewrite(SOURCE, '>360<', '>400<');
  await fleet.plan({ out: other });
  await assert.rejects(fleet.deploy({ resume: true }), { code: 'invalid-flag', exit: 3 });
  await assert.rejects(fleet.deploy({ resume: true, plan: other }), {
    code: 'invalid-flag',
    exit: 3,
    why: /Its plan was created at/,
  });
  const { exit, org } = await fleet.deploy({ resume: true, plan });
  assert.deepEqual([exit, org('dev').status, countEvents(fleet, 'deploy')], [0, 'changed', 1]);
  assert.match(fleet.org('dev').files().get(CHANNEL) ?? '', />360</);
  assert.deepEqual([countEvents(fleet, 'publish'), runIds(fleet).length], [1, 1]);
});

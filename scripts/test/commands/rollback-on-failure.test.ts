import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { rollBackOrg } from '../../lib/rollout/rollback-org';
import type { OrgResult, Transition } from '../../lib/model';
import { orgConfigFrom } from '../../lib/rollout/saved-plan';
import { readPlanFile, snapshotPath } from '../../lib/plan';
import { Sf } from '../../lib/sf';
import { startFleet, editInSetup, writeEvents, type Fleet } from './fleet';
import { rejectedQueueOrg } from './rejected-queue';
import type { CommandResult, RunOptions } from './run-command';
import { changedNames, orgState, latestRunId } from './run-helpers';
import { shareWorkspace } from './workspace';

const workspace = shareWorkspace();
const UNVERIFIED = { config: { channels: ['Guest_Web_Chat'] } };
const CHANNEL = 'messagingChannels/Guest_Web_Chat.messagingChannel';
const SOURCE = `force-app/main/default/${CHANNEL}-meta.xml`;

/** An org with all components, and a source with another token lifetime. */
async function fleetWithChange(): Promise<Fleet> {
  const fleet = await startFleet(workspace, { dev: UNVERIFIED });
  assert.equal((await fleet.deployAccepted()).exit, 0);
  fleet.rewrite(SOURCE, '>360<', '>400<');
  return fleet;
}

/** Throws an unexpected error when the org reports a step. */
const failAt =
  (step: string) =>
  (line: string): void => {
    if (line.includes(`dev: ${step}`)) throw new Error('Something broke.');
  };

const deploy = (fleet: Fleet, setting: RunOptions = {}): Promise<CommandResult> =>
  fleet.deployAccepted({ rollbackOnFailure: true, ...setting });
const rollbackCheck = ({ org }: CommandResult): unknown => org('dev').checks.find(({ name }) => name === 'rolled back');

test('rolls back an org that differs from the deployed state and names the overwritten changes', async () => {
  const fleet = await fleetWithChange();
  const dev = fleet.org('dev');
  const before = orgState(dev);
  const onProgress = (line: string): void => {
    if (line.includes('dev: deployed') && dev.files().get(CHANNEL)?.includes('>400<'))
      editInSetup(dev, CHANNEL, '>400<', '>500<');
  };
  const ran = await deploy(fleet, { onProgress });
  const { status, error, deployIds } = ran.org('dev');
  assert.deepEqual([ran.exit, status, error?.code, deployIds.length], [1, 'failed', 'readback-mismatch', 2]);
  assert.match(
    error?.what ?? '',
    /The org was rolled back and contains what it contained before\. Overwritten changes: .*: 400 -> 500\.$/,
  );
  assert.match(JSON.stringify(rollbackCheck(ran)), /"ok":true/);
  assert.deepEqual(changedNames(orgState(dev), before), []);
});

test('a resumed run rolls back an org that fails, if its run started with --rollback-on-failure', async () => {
  const fleet = await fleetWithChange();
  const dev = fleet.org('dev');
  const before = orgState(dev);
  dev.setFaults('deploy.submit:503');
  const first = await deploy(fleet, { submitTimeout: '1s' });
  assert.equal(first.org('dev').status, 'unknown');
  dev.setFaults('');
  const onProgress = (line: string): void => {
    if (line.includes('dev: deployed') && dev.files().get(CHANNEL)?.includes('>400<'))
      editInSetup(dev, CHANNEL, '>400<', '>500<');
  };
  const resumed = await fleet.deploy({ resume: true, onProgress });
  assert.match(JSON.stringify(rollbackCheck(resumed)), /"ok":true/);
  assert.deepEqual(changedNames(orgState(dev), before), []);
});

test('deletes a channel that was created and could not be activated', async () => {
  const fleet = await startFleet(workspace, { dev: UNVERIFIED });
  const ran = await deploy(fleet, { onProgress: failAt('activating') });
  assert.deepEqual([ran.exit, ran.org('dev').status, ran.org('dev').error?.code], [1, 'failed', 'internal']);
  assert.deepEqual([...fleet.org('dev').files()], []);
});

test('rolls back nothing after Salesforce rejected the deploy', async () => {
  const fleet = await startFleet(workspace, { dev: rejectedQueueOrg });
  const before = orgState(fleet.org('dev'));
  const ran = await deploy(fleet);
  assert.deepEqual([ran.exit, ran.org('dev').error?.code, ran.org('dev').deployIds.length], [1, 'deploy-failed', 1]);
  assert.match(ran.org('dev').error?.what ?? '', /The job changed nothing\.$/);
  assert.equal(rollbackCheck(ran), undefined);
  assert.deepEqual(changedNames(orgState(fleet.org('dev')), before), []);
});

test('rolls back nothing without the flag, and the run can be rolled back later', async () => {
  const fleet = await startFleet(workspace, { dev: UNVERIFIED });
  const ran = await fleet.deployAccepted({ onProgress: failAt('publishing') });
  assert.deepEqual([ran.exit, rollbackCheck(ran)], [1, undefined]);
  assert.ok(fleet.org('dev').files().has(CHANNEL));
  const { exit } = await fleet.run('rollback', { run: latestRunId(fleet), accept: ['disruptive'] });
  assert.deepEqual([exit, [...fleet.org('dev').files()]], [0, []]);
});

test('rolls back a deploy with an unknown result only if the org contains all of it', async () => {
  const fleet = await fleetWithChange();
  const dev = fleet.org('dev');
  const before = orgState(dev);
  const { document } = await fleet.deployAccepted();
  const [org] = readPlanFile(snapshotPath(join(fleet.project, '.runs', latestRunId(fleet)), 'dev'), 'snapshot').orgs;
  const [done] = document.orgs as readonly OrgResult[];
  assert.ok(org && done);
  const error = { code: 'deploy-unknown', what: 'Nobody knows.', why: 'It is so.', fix: 'Look.' };
  const failure = {
    desired: { org: orgConfigFrom(org), components: new Map(), compromised: [] },
    result: { ...done, status: 'unknown', error } as const,
    transition: org.transition,
    jobPending: true,
  };
  const rollout = {
    apiVersion: '67.0',
    concurrency: 1,
    publishAll: false,
    resumeCommand: 'npm run deploy',
    onStep: () => undefined,
    onResult: () => undefined,
    saveSnapshot: (_plan: object, way: Transition): Transition => way,
  };
  const back = (): Promise<OrgResult> =>
    rollBackOrg(new Sf(workspace.workers, '67.0'), failure, rollout, () => undefined);
  const first = await back();
  assert.deepEqual([first.status, first.checks.at(-1)?.ok, changedNames(orgState(dev), before)], ['failed', true, []]);
  const written = writeEvents(dev).length;
  const second = await back();
  assert.deepEqual([second.status, second.checks.at(-1)?.ok, writeEvents(dev).length], ['unknown', false, written]);
  assert.match(
    second.error?.what ?? '',
    /^Nobody knows\. The org wasn't rolled back, because the result of its deploy is unknown\.$/,
  );
});

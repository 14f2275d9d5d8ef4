import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recoverDeploy, type PendingDeploy } from '../../../lib/org';
import type { FakeOrg } from '../fake-sf';
import { onVirtualTime } from '../virtual-time';
import { addJob, fakeDev, stepRecorder } from './org-samples';

const ID = '0Af000000000000001';
const SENT = { components: ['Queue:Chat'], knownJobIds: [], at: new Date('2026-11-27T09:00:00Z'), settled: false };
const TIMEOUTS = { lock: 3_000, submit: 2_000 };

async function recover(pending: PendingDeploy | undefined, setUp: (org: FakeOrg) => void = () => undefined) {
  const { sf, org } = fakeDev();
  setUp(org);
  const { steps, reportStep } = stepRecorder();
  const { elapsed } = await onVirtualTime(() => recoverDeploy(sf, 'dev', pending, reportStep, TIMEOUTS));
  return { org, steps, elapsed };
}

test('follows the job of an earlier run by its ID', async () => {
  const { org, steps } = await recover({ ...SENT, id: ID }, (each) => addJob(each, ['Queue:Chat']));
  assert.deepEqual(steps, [`deployed ${ID}`]);
  assert.deepEqual(org.detailsOf('report'), [ID]);
});

test('reports a job of an earlier run that failed as rejected', async () => {
  const { steps } = await recover({ ...SENT, id: ID }, (org) => addJob(org, [], { success: false }));
  assert.deepEqual(steps, [`rejected ${ID}`]);
});

test('finds the job of an earlier run without an ID and reports its ID', async () => {
  const { steps } = await recover(SENT, (org) => addJob(org, ['Queue:Chat']));
  assert.deepEqual(steps, [`submitted ${ID}`, `deployed ${ID}`]);
});

test('reports a submission as not submitted if the org does not list its job', async () => {
  const { steps } = await recover(SENT, (org) => addJob(org, ['Queue:Other']));
  assert.deepEqual(steps, ['not submitted']);
});

test('searches for the submit timeout after the submission', async () => {
  const { steps, elapsed } = await recover({ ...SENT, at: new Date('2026-11-27T10:00:00Z') });
  assert.deepEqual([steps, elapsed], [['not submitted'], 2_000]);
});

test('only waits until the org is idle if the earlier run has no pending job', async () => {
  for (const pending of [undefined, { ...SENT, id: ID, settled: true }, { ...SENT, settled: true }]) {
    const { org, steps } = await recover(pending, (each) => addJob(each, ['Queue:Chat']));
    assert.deepEqual([steps, org.detailsOf('report'), org.detailsOf('query').length], [[], [], 1]);
  }
});

test('throws org-busy if another job still runs after the lock timeout', async () => {
  const steps: string[] = [];
  const { sf, org } = fakeDev();
  org.startOtherJob();
  const recovering = (): Promise<void> =>
    recoverDeploy(sf, 'dev', undefined, (step) => void steps.push(step), TIMEOUTS);
  const { elapsed } = await onVirtualTime(() => assert.rejects(recovering(), { code: 'org-busy' }));
  assert.deepEqual([steps, elapsed], [['waiting'], 3_000]);
});

test('throws deploy-unknown with the fix of the cause if the org is unreachable', async () => {
  const { sf, org } = fakeDev();
  org.fail('query', 'unreachable');
  const { steps, reportStep } = stepRecorder();
  await assert.rejects(recoverDeploy(sf, 'dev', SENT, reportStep), {
    code: 'deploy-unknown',
    what: 'The status of the deploy to "dev" is still unknown.',
    why: /The org "dev" is unreachable\./,
    fix: /^Check the network.*Resume the run\.$/,
  });
  assert.deepEqual(steps, []);
});

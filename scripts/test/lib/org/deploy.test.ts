import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mapOf } from '../../../lib/model';
import { deployAndWait, type DeployContext } from '../../../lib/org/deploy';
import { parseResponse, reportResponse } from '../../../lib/sf/responses';
import type { FakeOrg } from '../fake-sf';
import { onVirtualTime } from '../virtual-time';
import { addJob, fakeDev, queue, stepRecorder } from './org-samples';

const ID = '0Af000000000000001';
const CHAT = queue('Chat', 'Chat');
const PAYLOAD = {
  alias: 'dev',
  files: new Map([
    [
      'package.xml',
      '<Package><types><members>Chat</members><members>Old</members><name>Queue</name></types></Package>',
    ],
    ['queues/Chat.queue', '<Queue/>'],
  ]),
  components: ['Queue:Chat', '-Queue:Old'],
  toDeploy: mapOf([CHAT]),
};
const ROW_LOCK = 'UNABLE_TO_LOCK_ROW: unable to obtain exclusive access to this record';

/** Deploys the payload to a fake org on a virtual clock. */
async function deploy(setUp: (org: FakeOrg) => void, context: DeployContext = {}) {
  const { sf, org } = fakeDev();
  setUp(org);
  const { steps, reportStep } = stepRecorder();
  const known: unknown[] = [];
  const run = (): Promise<unknown> =>
    deployAndWait(
      sf,
      PAYLOAD,
      (step, detail, before) => {
        reportStep(step, detail);
        if (before) known.push(before.known);
      },
      context,
    ).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
  const { result: error, elapsed } = await onVirtualTime(run);
  return { org, steps, known, error: error as { code: string; what: string; why: string; fix: string }, elapsed };
}

test('deploys once and reports each step', async () => {
  const { org, steps, known, error } = await deploy((each) => addJob(each, ['Queue:Other']));
  const id = '0Af000000000000002';
  assert.equal(error, undefined);
  assert.deepEqual(steps, ['deploying Queue:Chat, -Queue:Old', `submitted ${id}`, `deployed ${id}`]);
  assert.deepEqual(known, [[ID]]);
  assert.equal(org.detailsOf('deploy').length, 1);
});

test('uses the given job IDs instead of reading them', async () => {
  const { org, known } = await deploy(() => undefined, { knownJobIds: ['0Af000000000000009'] });
  assert.deepEqual(known, [['0Af000000000000009']]);
  assert.deepEqual(org.detailsOf('query'), []);
});

test('waits until no other deploy job runs', async () => {
  const { steps, error, elapsed } = await deploy((org) => org.startOtherJob(), {
    timeouts: { lock: 5_000, submit: 1_000 },
  });
  assert.deepEqual(steps, [`waiting for deploy job ${ID} by Admin (InProgress)`]);
  assert.deepEqual([error.code, elapsed], ['org-busy', 5_000]);
});

test('throws deploy-failed with the path, line and problem of each component', async () => {
  const { org, steps, error } = await deploy((each) => each.rejectDeploy('Label is required', 'Queue', 'Chat'));
  assert.deepEqual(
    [error.code, error.what, error.why, error.fix],
    [
      'deploy-failed',
      `Salesforce rejected deploy job ${ID} in "dev". The job changed nothing.`,
      'queues/Chat.queue: Label is required',
      'Resolve the errors above, then deploy again.',
    ],
  );
  assert.deepEqual(steps.slice(-1), [`rejected ${ID}`]);
  assert.equal(org.detailsOf('deploy').length, 1);
});

const reportOf = (rest: object): object =>
  parseResponse(reportResponse, { id: ID, status: 'Failed', done: true, success: false, ...rest }, 'x');

test('throws deploy-failed for a component that is not in the payload, with its line', async () => {
  const componentFailures = { componentType: 'Flow', fullName: 'Route', problem: 'Invalid', lineNumber: 7 };
  const { error } = await deploy((org) =>
    org.intercept('report', () => Promise.resolve(reportOf({ details: { componentFailures } }))),
  );
  assert.equal(error.why, 'Route:7: Invalid');
});

test('throws deploy-failed with the message or the status of a job without component failures', async () => {
  for (const [rest, why] of [
    [{ errorMessage: 'UNKNOWN_EXCEPTION' }, 'UNKNOWN_EXCEPTION'],
    [{ status: 'Canceled' }, 'Its status is Canceled.'],
  ] as const) {
    const { error } = await deploy((org) => org.intercept('report', () => Promise.resolve(reportOf(rest))));
    assert.deepEqual([error.code, error.why], ['deploy-failed', why]);
  }
});

test('counts a job that succeeded partially as failed', async () => {
  const { error } = await deploy((org) =>
    org.intercept('report', () => Promise.resolve(reportOf({ status: 'SucceededPartial', success: true }))),
  );
  assert.equal(error.code, 'deploy-failed');
});

test('submits a job that failed on a row lock again after 2, 4 and 8 seconds', async () => {
  const succeeding = await deploy((org) => [1, 2, 3].forEach(() => org.rejectDeploy(ROW_LOCK)));
  assert.deepEqual([succeeding.error, succeeding.elapsed], [undefined, 14_000]);
  assert.equal(succeeding.org.detailsOf('deploy').length, 4);
  assert.deepEqual(succeeding.known, [[], [ID], [ID, 2].map(idAt).reverse(), [ID, 2, 3].map(idAt).reverse()]);
  const again = await deploy((org) => org.rejectDeploy(ROW_LOCK), { knownJobIds: [] });
  assert.deepEqual(again.known, [[], [ID]]);
  const failing = await deploy((org) => [1, 2, 3, 4].forEach(() => org.rejectDeploy(ROW_LOCK)));
  assert.equal(failing.error.code, 'deploy-failed');
  assert.equal(failing.org.detailsOf('deploy').length, 4);
});

const idAt = (each: string | number): string =>
  typeof each === 'string' ? each : `0Af${String(each).padStart(15, '0')}`;

test('does not repeat a job that failed on a row lock and another problem', async () => {
  const { org, error } = await deploy((each) =>
    each.intercept('report', () => {
      const componentFailures = [ROW_LOCK, 'Label is required'].map((problem) => ({ fullName: 'Chat', problem }));
      return Promise.resolve(reportOf({ details: { componentFailures } }));
    }),
  );
  assert.equal(error.code, 'deploy-failed');
  assert.equal(org.detailsOf('deploy').length, 1);
});

for (const failure of ['rejected', 'loginRefused', 'unreachable'] as const)
  test(`reports a submission as not submitted if it fails with "${failure}"`, async () => {
    const { steps, error } = await deploy((org) => org.fail('deploy', failure));
    const code = { rejected: 'deploy-failed', loginRefused: 'login-refused', unreachable: 'org-unreachable' }[failure];
    assert.deepEqual([error.code, steps], [code, ['deploying Queue:Chat, -Queue:Old', 'not submitted']]);
  });

test('finds the job of a submission whose response was lost, and does not submit again', async () => {
  const { org, steps, error } = await deploy((each) => each.loseAnswer('deploy', 'connectionLost'));
  assert.equal(error, undefined);
  assert.deepEqual(steps.slice(1), [
    'looking up The connection was rejected or lost.',
    `submitted ${ID}`,
    `deployed ${ID}`,
  ]);
  assert.equal(org.detailsOf('deploy').length, 1);
});

test('throws deploy-unknown after the timeout if the job of a lost submission is not listed', async () => {
  const { org, error, elapsed } = await deploy((each) => each.fail('deploy', 'connectionLost'), {
    timeouts: { lock: 0, submit: 30_000 },
  });
  assert.deepEqual([error.code, elapsed], ['deploy-unknown', 30_000]);
  assert.equal(error.what, 'The status of the deploy to "dev" is unknown.');
  assert.match(error.fix, /npm run deploy -- --resume/);
  assert.equal(org.detailsOf('deploy').length, 1);
});

test('throws deploy-unknown at once if the org does not list its jobs', async () => {
  const { error, elapsed, steps } = await deploy((org) => {
    org.listsJobs = false;
    org.loseAnswer('deploy', 'connectionLost');
  });
  assert.deepEqual([error.code, elapsed], ['deploy-unknown', 0]);
  assert.deepEqual(steps, ['deploying Queue:Chat, -Queue:Old']);
});

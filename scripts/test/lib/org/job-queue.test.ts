import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { DEFAULT_TIMEOUTS, waitUntilIdle } from '../../../lib/org';
import { readDeployRequests } from '../../../lib/org/job-queue';
import type { FakeOrg } from '../fake-sf';
import { onVirtualTime } from '../virtual-time';
import { addJob, fakeDev } from './org-samples';

const ID = '0Af000000000000001';
const row = (rest: object): object => ({ Id: ID, Status: 'InProgress', CheckOnly: false, CreatedBy: null, ...rest });

/** Lets the next queries of an org return these rows each. */
const answer = (org: FakeOrg, ...rows: readonly object[]): void =>
  rows.forEach((each) => org.intercept('query', () => Promise.resolve([each])));

test('the default timeouts are 10 minutes for a lock and 1 minute for a submission', () => {
  assert.deepEqual(DEFAULT_TIMEOUTS, { lock: 600_000, submit: 60_000 });
});

for (const status of ['Succeeded', 'SucceededPartial', 'Failed', 'Canceled', 'FinalizingDeployFailed'])
  test(`waitUntilIdle does not wait for a deploy job that is ${status}`, async () => {
    const { sf, org } = fakeDev();
    answer(org, row({ Status: status }));
    const { jobs, ...rest } = await waitUntilIdle(sf, 'dev', 0, assert.fail);
    assert.deepEqual([jobs?.map((job) => job.status), rest], [[status], { knownJobIds: [ID], waited: false }]);
  });

for (const status of ['Pending', 'InProgress', 'Canceling', 'FinalizingDeploy'])
  test(`waitUntilIdle throws org-busy after the timeout while a deploy job is ${status}`, async () => {
    const { sf, org } = fakeDev();
    answer(org, row({ Status: status, CreatedBy: { Name: 'Ann' } }));
    await assert.rejects(
      waitUntilIdle(sf, 'dev', 0, () => undefined),
      {
        code: 'org-busy',
        what: 'Another deploy job is running in "dev". Nothing was deployed to it.',
        why: `${ID} by Ann is ${status}, and Salesforce runs one deploy job at a time.`,
      },
    );
  });

test('waitUntilIdle does not wait for a validation', async () => {
  const { sf, org } = fakeDev();
  org.startOtherJob(true);
  assert.equal((await waitUntilIdle(sf, 'dev', 0, assert.fail)).waited, false);
});

test('waitUntilIdle waits until the deploy job is done and reports it once', async () => {
  const { sf, org } = fakeDev();
  addJob(org, ['Queue:Chat']);
  answer(org, row({}), row({}), row({ Status: 'Succeeded' }));
  const reasons: string[] = [];
  const { result, elapsed } = await onVirtualTime(() => waitUntilIdle(sf, 'dev', 60_000, (why) => reasons.push(why)));
  assert.deepEqual([result.knownJobIds, result.waited], [[ID], true]);
  assert.deepEqual(reasons, [`for deploy job ${ID} by an unknown user (InProgress)`]);
  assert.equal(elapsed, 1_000 + 2_000);
});

test('waitUntilIdle waits for the whole timeout with growing pauses', async () => {
  const { sf, org } = fakeDev();
  org.startOtherJob();
  const { elapsed } = await onVirtualTime(() =>
    assert.rejects(
      waitUntilIdle(sf, 'dev', 60_000, () => undefined),
      { code: 'org-busy' },
    ),
  );
  assert.equal(elapsed, 60_000);
  // After 0, 1, 3, 7, 15, 30, 45 and 60 seconds.
  assert.equal(org.detailsOf('query').length, 8);
});

test('waitUntilIdle does not wait if the org does not list its deploy jobs', async () => {
  const { sf, org } = fakeDev();
  org.startOtherJob();
  org.listsJobs = false;
  assert.deepEqual(await waitUntilIdle(sf, 'dev', 60_000, assert.fail), {
    jobs: null,
    knownJobIds: null,
    waited: false,
  });
});

test('waitUntilIdle does not wait if the deploy jobs have an unknown shape', async () => {
  const { sf, org } = fakeDev();
  answer(org, { Id: ID, Status: 7 });
  assert.deepEqual(await waitUntilIdle(sf, 'dev', 60_000, assert.fail), {
    jobs: null,
    knownJobIds: null,
    waited: false,
  });
});

test('waitUntilIdle throws if the org is unreachable or rejects the login', async () => {
  for (const [error, code] of [
    ['unreachable', 'org-unreachable'],
    ['loginRefused', 'login-refused'],
  ] as const) {
    const { sf, org } = fakeDev();
    org.fail('query', error);
    await assert.rejects(waitUntilIdle(sf, 'dev', 60_000, assert.fail), { code });
  }
});

test('readDeployRequests returns the jobs of any user, newest first', async () => {
  const { sf, org } = fakeDev();
  const createdAt = Date.UTC(2026, 10, 27);
  mock.timers.enable({ apis: ['Date'], now: createdAt });
  addJob(org, ['Queue:Chat']);
  org.startOtherJob(true);
  mock.timers.reset();
  assert.deepEqual(await readDeployRequests(sf, 'dev'), [
    { id: '0Af000000000000002', status: 'InProgress', checkOnly: true, createdBy: 'Admin', createdAt },
    { id: ID, status: 'Succeeded', checkOnly: false, createdBy: 'Admin', createdAt },
  ]);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findDeployJob, pollDeploy } from '../../../lib/org/deploy-job';
import type { FakeOrg } from '../fake-sf';
import { onVirtualTime } from '../virtual-time';
import { addJob, fakeDev } from './org-samples';

const MINUTE = 60_000;
const CHAT = ['Queue:Chat'];
const NOW = new Date('2026-11-27T10:00:00Z');

const failReports = (org: FakeOrg, count: number): void =>
  Array.from({ length: count }).forEach(() => org.fail('report', 'connectionLost'));

const idOf = (report: { readonly id: string } | undefined): string | undefined => report?.id;

test('pollDeploy follows a deploy job until it is done', async () => {
  const { sf, org } = fakeDev();
  const id = addJob(org, CHAT);
  org.intercept('report', async (proceed) => ({ ...((await proceed()) as object), done: false, success: false }));
  const report = await pollDeploy(sf, 'dev', id);
  assert.deepEqual([report.id, report.done, report.success], [id, true, true]);
  assert.deepEqual(org.detailsOf('report'), [id, id]);
});

test('pollDeploy repeats failed requests with growing pauses', async () => {
  const { sf, org } = fakeDev();
  const id = addJob(org, CHAT);
  failReports(org, 7);
  const { result, elapsed } = await onVirtualTime(() => pollDeploy(sf, 'dev', id));
  assert.equal(result.id, id);
  assert.equal(elapsed, (1 + 2 + 4 + 8 + 16 + 30 + 30) * 1_000);
});

test('pollDeploy throws deploy-unknown with the job ID after 10 minutes without a report', async () => {
  const { sf, org } = fakeDev();
  failReports(org, 100);
  const failed = await onVirtualTime(() =>
    assert.rejects(pollDeploy(sf, 'dev', '0Af000000000000001'), {
      code: 'deploy-unknown',
      what: 'The status of deploy job 0Af000000000000001 in "dev" is unknown.',
      fix: /^Resume the run.*npx sf project deploy report --job-id 0Af000000000000001 --target-org dev/,
    }),
  );
  assert.equal(failed.elapsed, 10 * MINUTE);
});

test('pollDeploy counts the 10 minutes from the last report', async () => {
  const { sf, org } = fakeDev();
  const id = addJob(org, CHAT);
  failReports(org, 20);
  org.intercept('report', async (proceed) => ({ ...((await proceed()) as object), done: false }));
  failReports(org, 20);
  const { result, elapsed } = await onVirtualTime(() => pollDeploy(sf, 'dev', id));
  assert.equal(result.done, true);
  assert.ok(elapsed > 10 * MINUTE);
});

test('pollDeploy does not repeat a request that a rejected login cannot succeed with', async () => {
  const { sf, org } = fakeDev();
  org.fail('report', 'loginRefused');
  await assert.rejects(pollDeploy(sf, 'dev', addJob(org, CHAT)), { code: 'deploy-unknown' });
  assert.equal(org.detailsOf('report').length, 1);
});

const find = (setUp: (org: FakeOrg) => void, components = CHAT, knownJobIds: readonly string[] | null = []) => {
  const { sf, org } = fakeDev();
  setUp(org);
  return findDeployJob(sf, 'dev', { components, knownJobIds, at: new Date() }, 0);
};

test('findDeployJob finds the job with exactly the submitted components', async () => {
  const found = await find((org) => {
    addJob(org, ['Queue:Other']);
    addJob(org, ['Queue:Chat', 'Queue:Other']);
    addJob(org, CHAT);
    addJob(org, ['Queue:Other']);
  });
  assert.equal(idOf(found), '0Af000000000000003');
});

test('findDeployJob counts a deleted component as a component of the job', async () => {
  const found = await find((org) => addJob(org, ['Queue:Chat', 'Queue:Old']), ['Queue:Chat', '-Queue:Old']);
  assert.equal(idOf(found), '0Af000000000000001');
});

test('findDeployJob counts a job that failed before it processed a component as ours', async () => {
  assert.equal(idOf(await find((org) => addJob(org, [], { success: false }))), '0Af000000000000001');
});

test('findDeployJob ignores a job with fewer components than submitted', async () => {
  assert.equal(await find((org) => addJob(org, CHAT), ['Queue:Chat', 'Queue:Other']), undefined);
});

test('findDeployJob ignores a job that the org listed before the submission', async () => {
  assert.equal(await find((org) => addJob(org, CHAT), CHAT, ['0Af000000000000001']), undefined);
});

test('findDeployJob ignores a validation with the same components', async () => {
  assert.equal(await find((org) => addJob(org, CHAT, { checkOnly: true })), undefined);
});

test('findDeployJob returns the oldest of two matching jobs', async () => {
  const found = await find((org) => [addJob(org, CHAT), addJob(org, CHAT)]);
  assert.equal(idOf(found), '0Af000000000000001');
});

test('findDeployJob does not search if the jobs before the submission are unknown', async () => {
  assert.equal(await find((org) => addJob(org, CHAT), CHAT, null), undefined);
});

test('findDeployJob throws if the org is unreachable', async () => {
  await assert.rejects(
    find((org) => org.fail('query', 'unreachable')),
    { code: 'org-unreachable' },
  );
});

test('findDeployJob searches until the timeout after the submission, with growing pauses', async () => {
  const { sf, org } = fakeDev();
  const sent = { components: CHAT, knownJobIds: [], at: new Date(NOW.getTime() - 10_000) };
  const { result, elapsed } = await onVirtualTime(() => findDeployJob(sf, 'dev', sent, MINUTE));
  assert.deepEqual([result, elapsed], [undefined, 50_000]);
  // After 0, 0.5, 1.5, 3.5, 7.5, 15.5, 25.5, 35.5, 45.5 and 50 seconds.
  assert.equal(org.detailsOf('query').length, 10);
});

test('findDeployJob finds a job that appears while it searches', async () => {
  const { sf, org } = fakeDev();
  org.intercept('query', (proceed) => proceed());
  org.intercept('query', (proceed) => (addJob(org, CHAT), proceed()));
  const sent = { components: CHAT, knownJobIds: [], at: NOW };
  const { result, elapsed } = await onVirtualTime(() => findDeployJob(sf, 'dev', sent, MINUTE));
  assert.deepEqual([idOf(result), elapsed], ['0Af000000000000001', 500]);
});

test('findDeployJob searches for the timeout at most if the time of submission is in the future', async () => {
  const { sf } = fakeDev();
  for (const knownJobIds of [null, []]) {
    const sent = { components: CHAT, knownJobIds, at: new Date('9999-01-01T00:00:00Z') };
    const { result, elapsed } = await onVirtualTime(() => findDeployJob(sf, 'dev', sent, MINUTE));
    assert.deepEqual([result, elapsed], [undefined, MINUTE]);
  }
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DeployRequest } from '../../../lib/org';
import { readRuns } from '../../../lib/rollout';
import { findRepublications, findUnpublished, republicationsText } from '../../../lib/rollout/publications';
import { FakeSf } from '../fake-sf';
import { addJob } from '../org/org-samples';
import { CHAT, desiredState, filesOf, planAll } from './fleet-fixture';
import { header, ORG_ID, orgIdOf, runsFolder, step, writeRun } from './journal-fixture';

const job = (id: string, more: Partial<DeployRequest> = {}): DeployRequest => ({
  id,
  status: 'Succeeded',
  checkOnly: false,
  createdBy: 'Ann',
  createdAt: 0,
  ...more,
});

/** A folder with one run that published Site after the deploy jobs A and B. */
function publishedRun(known: readonly string[] | null = ['A', 'B']): string {
  const runs = runsFolder();
  writeRun(
    runs,
    '1',
    header(['dev']),
    step('dev', 'publishing', 'Site', known),
    step('dev', 'published'),
    step('dev', 'changed'),
  );
  return runs;
}

const unpublishedIn = (runs: string, jobs: readonly DeployRequest[] | null, orgId = ORG_ID): readonly string[] =>
  findUnpublished(readRuns(runs).runs, orgId, ['Site'], jobs);

test('a chat deployment is published if a journal contains its publication after every job of the org', () => {
  const runs = publishedRun();
  assert.deepEqual(unpublishedIn(runs, [job('B'), job('A')]), []);
  assert.deepEqual(unpublishedIn(runs, []), []);
});

for (const [name, more] of [
  ['failed', { status: 'Failed' }],
  ['was canceled', { status: 'Canceled' }],
  ['only validated', { checkOnly: true }],
  ['is still running', { status: 'InProgress' }],
] as const)
  test(`a later job that ${name} does not change what is known`, () => {
    assert.deepEqual(unpublishedIn(publishedRun(), [job('C', more), job('B')]), []);
  });

test('nothing is known after a later job, of another org, without a list of jobs, or without a completed publication', () => {
  assert.deepEqual(unpublishedIn(publishedRun(), [job('C'), job('B')]), ['Site']);
  assert.deepEqual(unpublishedIn(publishedRun(), [job('B')], orgIdOf('uat')), ['Site']);
  assert.deepEqual(unpublishedIn(publishedRun(), null), ['Site']);
  assert.deepEqual(unpublishedIn(publishedRun(null), [job('B')]), ['Site']);
  const killed = runsFolder();
  writeRun(killed, '1', header(['dev']), step('dev', 'publishing', 'Site', ['B']));
  assert.deepEqual(unpublishedIn(killed, [job('B')]), ['Site']);
});

test('a publication stays known in a resumed run that planned again', () => {
  const runs = publishedRun();
  writeRun(
    runs,
    '1',
    ...[header(['dev']), step('dev', 'publishing', 'Site', ['A']), step('dev', 'published'), header(['dev'])],
  );
  assert.deepEqual(unpublishedIn(runs, [job('A')]), []);
});

/** An org in sync that has the chat deployment Site and lists one job, with what is published again. */
async function republish(runs: string) {
  const sf = new FakeSf({ dev: { orgId: ORG_ID, files: filesOf(...CHAT), active: ['Web'] } });
  addJob(sf.org('dev'), ['EmbeddedServiceConfig:Site']);
  const fleet = await planAll(sf, desiredState(sf, 'dev', CHAT));
  sf.org('dev').calls.length = 0;
  const flags = { org: [], json: false, project: '/', runs };
  const found = await findRepublications({ flags }, { sf, fleet });
  return { ...found, queries: sf.org('dev').detailsOf('query').length, text: republicationsText(flags, found) };
}
const JOB = '0Af000000000000001';

test('without a journal, each declared chat deployment is published again without asking the org', async () => {
  const { unknown, queries, text } = await republish('/nowhere');
  assert.deepEqual([[...unknown], queries], [[['dev', ['Site']]], 0]);
  assert.equal(
    text,
    'This run also publishes Site (dev): no journal in /nowhere shows that this was done after the last deploy job, and no field in Salesforce does.',
  );
});

test('nothing is published again if the journal and the deploy jobs of the org tell that it is published', async () => {
  const { left, unknown, queries, text } = await republish(publishedRun([JOB]));
  assert.deepEqual([[...left], [...unknown], queries, text], [[['dev', []]], [['dev', []]], 1, undefined]);
});

test('what an earlier run left is published, unless the org does not have it any more', async () => {
  const runs = runsFolder();
  writeRun(runs, '1', header(['dev'], { publish: ['Site', 'Gone'] }), step('dev', 'publishing', 'Site, Gone', [JOB]));
  const { left, unknown, text } = await republish(runs);
  assert.deepEqual([[...left], [...unknown]], [[['dev', ['Site']]], [['dev', []]]]);
  assert.equal(text, 'This run also publishes Site (dev), which an earlier run left.');
});

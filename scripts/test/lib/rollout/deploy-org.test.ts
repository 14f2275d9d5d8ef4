import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { OrgResult } from '../../../lib/model';
import { snapshotWriter } from '../../../lib/plan';
import { transitionFor } from '../../../lib/org';
import { deployFleet, planFleet, type PlannedOrg, type RolloutOptions } from '../../../lib/rollout';
import { FakeSf, type FakeOrg, type FakeOrgSetup } from '../fake-sf';
import { addJob } from '../org/org-samples';
import { onVirtualTime } from '../virtual-time';
import { CHAT, desiredState, filesOf, planAll, queue, recordingOptions } from './fleet-fixture';

const PATH = 'queues/Chat.queue';

interface Run {
  readonly sf: FakeSf;
  readonly org: FakeOrg;
  readonly planned: PlannedOrg;
}

/** One planned org: its queue is to be renamed, and `more` to be added. */
async function planOne(setup: FakeOrgSetup = {}, more: typeof CHAT = [], name = 'New'): Promise<Run> {
  const sf = new FakeSf({ dev: { files: filesOf(queue('Old')), ...setup } });
  const [planned] = await planAll(sf, desiredState(sf, 'dev', [queue(name), ...more]));
  return { sf, org: sf.org('dev'), planned: planned ?? assert.fail() };
}

async function deploy({ sf, planned }: Run, options: Partial<RolloutOptions> = {}): Promise<OrgResult> {
  const [result] = await deployFleet(sf, [planned], recordingOptions(options).rollout);
  return result ?? assert.fail();
}

test('deploys, activates and publishes what the plan says, and reads it back', async () => {
  const run = await planOne({}, CHAT);
  const result = await deploy(run);
  assert.deepEqual(
    [result.status, result.deployIds, result.error],
    ['changed', [run.org.jobs[0]?.report.id], undefined],
  );
  assert.match(run.org.files.get(PATH) ?? '', /<name>New</);
  assert.deepEqual([[...run.org.active], run.org.published], [['Web'], ['Site']]);
  assert.deepEqual(result.checks.find(({ name }) => name === 'published')?.detail, 'Site');
});

test('saves the snapshot before it sends anything, and again after the org was read back', async () => {
  const run = await planOne();
  const { rollout, steps } = recordingOptions();
  await deployFleet(run.sf, [run.planned], rollout);
  assert.deepEqual(
    steps,
    ['snapshot', 'deploying', 'submitted', 'deployed', 'reading back', 'snapshot'].map((step) => `dev: ${step}`),
  );
});

test('sends nothing to an org that changed after it was planned', async () => {
  const run = await planOne();
  run.org.files.set(PATH, filesOf(queue('Edited in Setup'))[PATH] ?? '');
  const result = await deploy(run);
  assert.deepEqual([result.status, result.error?.code], ['failed', 'plan-stale']);
  assert.match(result.error?.fix ?? '', /npm run deploy -- --resume X$/);
  assert.deepEqual(run.org.detailsOf('deploy'), []);
});

test('reports another org instead of its state, whatever that is, and writes nothing to it', async () => {
  for (const name of ['Old', 'New', 'Edited in Setup']) {
    const run = await planOne();
    setName(run.org, name);
    run.org.orgId = '00D000000000009EAA';
    const result = await deploy(run);
    assert.deepEqual([result.status, result.error?.code], ['unreachable', 'org-mismatch'], name);
    assert.deepEqual(run.org.detailsOf('deploy'), []);
  }
});

test('reads the kind of the org when it is planned, and its permissions again before it deploys', async () => {
  const run = await planOne();
  const start = run.org.calls.length;
  await deploy(run);
  const queries = run.org.calls.slice(start).map(({ detail }) => detail);
  assert.deepEqual(
    queries.filter((soql) => soql.includes('IsSandbox')),
    [],
  );
  assert.equal(queries.filter((soql) => soql.includes('UserPermissionAccess')).length, 1);
});

const ROW_LOCK = 'UNABLE_TO_LOCK_ROW: unable to obtain exclusive access to this record';
const setName = (org: FakeOrg, name: string): void => void org.files.set(PATH, filesOf(queue(name))[PATH] ?? '');

/** Lets the first deploy job fail on a row lock, and the org change before the job is repeated. */
async function deployChanged(options: Partial<RolloutOptions>, change: (org: FakeOrg) => void) {
  const run = await planOne();
  run.org.rejectDeploy(ROW_LOCK);
  run.org.intercept('report', async (proceed) => {
    const report = await proceed();
    change(run.org);
    return report;
  });
  const { result } = await onVirtualTime(() => deploy(run, options));
  return { org: run.org, result };
}

test('sends nothing more to an org that changed after a job failed on a row lock, and does not roll it back', async () => {
  const { org, result } = await deployChanged({ rollBackOnFailure: true }, (each) => setName(each, 'Edited in Setup'));
  assert.deepEqual([result.status, result.error?.code, org.detailsOf('deploy').length], ['failed', 'plan-stale', 1]);
  const [id] = result.deployIds;
  assert.equal(
    result.error?.what,
    `The org "dev" changed after it was planned. Nothing was sent to it after deploy job ${id ?? ''}, which changed nothing.`,
  );
  assert.match(org.files.get(PATH) ?? '', /Edited in Setup/);
});

test('is unchanged if the org has the desired state when a failed job would be repeated', async () => {
  const { org, result } = await deployChanged({}, (each) => setName(each, 'New'));
  assert.deepEqual([result.status, result.error, org.detailsOf('deploy').length], ['unchanged', undefined, 1]);
});

test('saves the state before the repeated job, not the state before the failed one', async () => {
  const saved: unknown[] = [];
  const saveSnapshot: RolloutOptions['saveSnapshot'] = (_plan, transition) => {
    const before = transition.from.components.get('Queue:Chat');
    saved.push(before?.root.children.map(({ text }) => text));
    return transition;
  };
  const { result } = await deployChanged({ saveSnapshot }, (org) => {
    org.files.set(PATH, (org.files.get(PATH) ?? '').replace('</Queue>', '<email>a@example.com</email></Queue>'));
  });
  assert.equal(result.status, 'changed');
  assert.deepEqual(saved, [['Old'], ['Old', 'a@example.com'], ['Old', 'a@example.com']]);
});

test('sends nothing to an org that a deploy job of another machine changed since it was read under the lock', async () => {
  const run = await planOne();
  let reads = 0;
  const countReads = async (proceed: () => Promise<unknown>): Promise<unknown> => {
    const files = await proceed();
    if (++reads > 1) return files;
    addJob(run.org, ['Queue:Chat']);
    setName(run.org, 'Deployed elsewhere');
    return files;
  };
  run.org.intercept('retrieve', countReads);
  run.org.intercept('retrieve', countReads);
  const { result } = await onVirtualTime(() => deploy(run));
  assert.deepEqual([result.status, result.error?.code, reads], ['failed', 'plan-stale', 2]);
  assert.deepEqual(run.org.detailsOf('deploy'), []);
});

test('keeps a setting that somebody added to the same component after it was planned', async () => {
  const run = await planOne();
  run.org.files.set(PATH, (run.org.files.get(PATH) ?? '').replace('</Queue>', '<email>a@example.com</email></Queue>'));
  assert.equal((await deploy(run)).status, 'changed');
  assert.match(run.org.files.get(PATH) ?? '', /<email>a@example\.com</);
  assert.match(run.org.files.get(PATH) ?? '', /<name>New</);
});

test('sends nothing to an org that somebody else already brought to the desired state', async () => {
  const run = await planOne();
  run.org.files.set(PATH, filesOf(queue('New'))[PATH] ?? '');
  assert.equal((await deploy(run)).status, 'unchanged');
  assert.deepEqual(run.org.detailsOf('deploy'), []);
});

test('sends nothing while another deploy job runs, or without a permission', async () => {
  const busy = await planOne();
  busy.org.startOtherJob();
  assert.equal((await deploy(busy)).error?.code, 'org-busy');
  assert.deepEqual(busy.org.detailsOf('deploy'), []);
  const powerless = await planOne();
  powerless.org.missingPermissions = ['PermissionsConfigureLiveMessage'];
  assert.equal((await deploy(powerless)).error?.code, 'missing-permission');
  assert.deepEqual(powerless.org.detailsOf('deploy'), []);
});

test('finds a job whose answer was lost, and sends it only once', async () => {
  const run = await planOne();
  run.org.loseAnswer('deploy');
  const { status, deployIds } = await deploy(run);
  assert.deepEqual([status, deployIds.length, run.org.jobs.length], ['changed', 1, 1]);
});

test('is unknown where nobody can tell whether a job was submitted, and names the command that resumes', async () => {
  const run = await planOne();
  run.org.fail('deploy', 'noAnswer');
  const { status, error } = await deploy(run);
  assert.deepEqual([status, error?.code], ['unknown', 'deploy-unknown']);
  assert.match(error?.fix ?? '', /npm run deploy -- --resume X/);
});

/** Snapshots that can't be written, by the file that is in the way of the folder of the run. */
const UNWRITABLE_SNAPSHOTS = {
  'the snapshot folder is a file': ['snapshots', (path: string) => writeFileSync(path, '')],
  'the snapshot is a folder': ['snapshots/dev.json', (path: string) => mkdirSync(path, { recursive: true })],
} as const;

for (const [what, [name, block]] of Object.entries(UNWRITABLE_SNAPSHOTS)) {
  test(`sends nothing when the snapshot can't be written, because ${what}`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'run-'));
    block(join(folder, name));
    const run = await planOne();
    const result = await deploy(run, { saveSnapshot: snapshotWriter(folder, '67.0', new Date()) });
    rmSync(folder, { recursive: true });
    assert.deepEqual([result.status, result.deployIds], ['failed', []]);
    assert.ok(['file-system', 'unreadable-file'].includes(result.error?.code ?? ''), result.error?.code);
    assert.deepEqual([run.org.detailsOf('deploy'), run.org.detailsOf('setActive')], [[], []]);
  });
}

test('sends nothing when the disk is full before the submission', async () => {
  const failWhen =
    (isFull: (alias: string, step: string) => boolean) =>
    (alias: string, step: string): void => {
      if (isFull(alias, step)) throw Object.assign(new Error('no space left'), { code: 'ENOSPC', syscall: 'write' });
    };
  for (const options of [
    { saveSnapshot: failWhen(() => true) },
    { onStep: failWhen((_alias: string, step: string) => step === 'deploying') },
  ]) {
    const run = await planOne();
    const { status, error } = await deploy(run, options as unknown as Partial<RolloutOptions>);
    assert.deepEqual([status, error?.code, error?.why], ['failed', 'file-system', 'The disk is full.']);
    assert.deepEqual(run.org.detailsOf('deploy'), []);
  }
});

test('is unknown where the journal can no longer be written while the job runs', async () => {
  const onStep = (_alias: string, step: string): void => {
    if (step === 'submitted') throw new Error('The disk is full.');
  };
  const { status, error } = await deploy(await planOne(), { onStep });
  assert.deepEqual([status, error?.code], ['unknown', 'internal']);
});

test('has failed, and is not unknown, where the submission was rejected', async () => {
  const run = await planOne();
  run.org.fail('deploy', 'rejected');
  assert.deepEqual([(await deploy(run)).status, run.org.jobs.length], ['failed', 0]);
});

test('is unreachable where nothing was sent, and unknown where something was', async () => {
  const before = await planOne({}, CHAT);
  before.org.fail('retrieve', 'unreachable');
  assert.equal((await deploy(before)).status, 'unreachable');
  const after = await planOne({}, CHAT);
  after.org.fail('setActive', 'unreachable');
  assert.equal((await deploy(after)).status, 'unknown');
});

test('rolls an org back if it fails after it was changed, where that is wanted', async () => {
  const run = await planOne({}, CHAT);
  const before = new Map(run.org.files);
  run.org.fail('publish', 'rejected');
  const { status, error, checks } = await deploy(run, { rollBackOnFailure: true });
  assert.deepEqual([status, checks.at(-1)?.name, checks.at(-1)?.ok], ['failed', 'rolled back', true]);
  assert.match(error?.what ?? '', /The org was rolled back and contains what it contained before\.$/);
  assert.deepEqual([...run.org.files.keys()], [...before.keys()]);
  assert.match(run.org.files.get(PATH) ?? '', /<name>Old</);
  assert.deepEqual([...run.org.active], []);
});

test('leaves a failed org as it is without --rollback-on-failure', async () => {
  const run = await planOne({}, CHAT);
  run.org.fail('publish', 'rejected');
  assert.equal((await deploy(run)).status, 'failed');
  assert.match(run.org.files.get(PATH) ?? '', /<name>New</);
});

test("doesn't roll back while the deploy job may still be running", async () => {
  const run = await planOne();
  run.org.fail('deploy', 'noAnswer');
  const { status, checks } = await deploy(run, { rollBackOnFailure: true });
  assert.deepEqual([status, checks.at(-1)?.ok], ['unknown', false]);
  assert.match(checks.at(-1)?.detail ?? '', /the result of its deploy is unknown/);
  assert.equal(run.org.jobs.length, 0);
});

test('rolls an org back that fails its verification', async () => {
  const run = await planOne();
  const error = { code: 'verify-failed', what: 'It failed.', why: 'It is a test.', fix: 'None.' };
  const verify = (_planned: PlannedOrg, result: OrgResult) =>
    Promise.resolve({ ...result, status: 'failed', error } as const);
  const result = await deploy(run, { rollBackOnFailure: true, verify });
  assert.deepEqual([result.status, result.checks.at(-1)?.ok], ['failed', true]);
  assert.match(run.org.files.get(PATH) ?? '', /<name>Old</);
});

test('verifies an unchanged org and what was read back of a changed one, but not a failed one', async () => {
  const verified: unknown[] = [];
  const verify = ({ live }: PlannedOrg, result: OrgResult): Promise<OrgResult> => {
    verified.push([result.status, live?.components.get('Queue:Chat')?.root.children[0]?.text]);
    return Promise.resolve({ ...result, status: 'unreachable' });
  };
  const changed = await deploy(await planOne(), { verify });
  const unchanged = await deploy(await planOne({}, [], 'Old'), { verify });
  const failed = await planOne();
  failed.org.rejectDeploy('The queue is invalid.');
  await deploy(failed, { verify });
  assert.deepEqual(verified, [
    ['changed', 'New'],
    ['unchanged', 'Old'],
  ]);
  assert.deepEqual(
    [changed.status, unchanged.status],
    ['failed', 'failed'],
    'an org that was just read is not unreachable',
  );
});

test('publishes what an interrupted run left, and everything on request, without a change', async () => {
  const setup = { files: filesOf(queue('Old'), ...CHAT), active: ['Web'] };
  const left = await planOne(setup, CHAT, 'Old');
  const result = await deploy(left, {
    pendingPublishes: new Map([
      ['dev', ['Site']],
      ['other', ['Else']],
    ]),
  });
  assert.deepEqual([result.status, left.org.published, left.org.jobs.length], ['unchanged', ['Site'], 0]);
  const all = await planOne(setup, CHAT, 'Old');
  await deploy(all, { publishAll: true });
  assert.deepEqual(all.org.published, ['Site']);
  const nothing = await planOne(setup, CHAT, 'Old');
  await deploy(nothing);
  assert.deepEqual(nothing.org.published, []);
});

test('publishes the declared chat deployments of a saved plan without changes on request', async () => {
  const run = await planOne({ files: filesOf(queue('Old'), ...CHAT), active: ['Web'] }, CHAT, 'Old');
  const { plan, live, desired } = run.planned;
  assert.ok(plan && live);
  const transition = transitionFor(plan, live, [...desired.components.keys()]);
  const [planned] = await planAll(run.sf, { ...desired, transition });
  const result = await deploy({ ...run, planned: planned ?? assert.fail() }, { publishAll: true });
  assert.deepEqual([result.status, run.org.published], ['unchanged', ['Site']]);
});

/** Deploys to an org that another run brings to its desired state after it was planned. */
async function deployAfterOther(findUnpublished: RolloutOptions['findUnpublished']) {
  const run = await planOne({ files: filesOf(queue('Old')), active: ['Web'] }, CHAT);
  for (const [path, text] of Object.entries(filesOf(queue('New'), ...CHAT))) run.org.files.set(path, text);
  const { status } = await deploy(run, findUnpublished && { findUnpublished });
  return { status, published: run.org.published };
}

test('publishes what was planned although another run made the changes, unless that is known to be published', async () => {
  assert.deepEqual(await deployAfterOther(undefined), { status: 'unchanged', published: ['Site'] });
  assert.deepEqual(await deployAfterOther(() => []), { status: 'unchanged', published: [] });
});

test('makes the target again from what is read under the lock', async () => {
  const sf = new FakeSf({ dev: { files: filesOf(queue('Old')) } });
  const reads: (string | undefined)[] = [];
  const fleet = await planFleet(sf, [desiredState(sf, 'dev', [queue('Old')])], {
    apiVersion: '67.0',
    onResult: () => undefined,
    targetFrom: (desired, live) => {
      reads.push(live.components.get('Queue:Chat')?.fullName);
      return { ...desired, components: desiredState(sf, 'dev', [queue('New')]).components };
    },
  });
  const [result] = await deployFleet(sf, fleet, recordingOptions().rollout);
  assert.deepEqual([result?.status, reads], ['changed', ['Chat', 'Chat']]);
});

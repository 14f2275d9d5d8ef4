import assert from 'node:assert/strict';
import { appendFileSync, cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { startProcess, waitUntil } from './command-process';
import { startFleet, writeEvents, type Fleet, type OrgSetup } from './fleet';
import type { CommandResult } from './run-command';
import { latestRunId, runIds } from './run-helpers';
import { shareWorkspace } from './workspace';

const workspace = shareWorkspace();
const ONE_CHANNEL: OrgSetup = { config: { channels: ['Guest_Web_Chat'] } };

const deployCount = (fleet: Fleet, alias: string): number =>
  writeEvents(fleet.org(alias)).filter(({ kind }) => kind === 'deploy').length;

/** Starts a deploy in its own process and kills it when its journal matches `said` and `so` returns true. */
async function killAt(fleet: Fleet, said: RegExp, so = (): boolean => true): Promise<void> {
  const running = startProcess(workspace, 'deploy', ['--project', fleet.project, '--all', '--json']);
  const runs = join(fleet.project, '.runs');
  const journal = (): string => {
    try {
      return readFileSync(join(runs, readdirSync(runs)[0] ?? '', 'journal.ndjson'), 'utf8');
    } catch {
      return '';
    }
  };
  await waitUntil(`the journal says ${String(said)}`, () => said.test(journal()) && so());
  running.child.kill('SIGKILL');
  await running.ended;
}

test('resumes a killed deploy by its job ID and deploys nothing twice', async () => {
  const fleet = await startFleet(workspace, {
    slow: { ...ONE_CHANNEL, faults: 'deploy.status:timeout=600s@1-' },
    done: ONE_CHANNEL,
  });
  await killAt(fleet, /"org":"slow","step":"submitted"[^]*"org":"done","step":"changed"/);
  fleet.org('slow').setFaults('');
  const { exit, document, org } = await fleet.deploy({ resume: true });
  assert.deepEqual([exit, org('slow').status], [0, 'changed']);
  assert.deepEqual(
    document.orgs.map(({ alias }) => alias),
    ['slow'],
    'the other org is complete',
  );
  assert.deepEqual(
    ['slow', 'done'].map((alias) => deployCount(fleet, alias)),
    [1, 1],
  );
  assert.equal(writeEvents(fleet.org('slow')).filter(({ kind }) => kind === 'publish').length, 1);
  const repeated = await fleet.deploy({ resume: true });
  assert.deepEqual([repeated.exit, repeated.document.orgs], [0, []]);
  assert.match(repeated.shown, /Nothing is left to do/);
});

test('finds a job ID that the journal lacks in the org, also from another checkout', async () => {
  const fleet = await startFleet(workspace, {
    lost: { ...ONE_CHANNEL, latency: { deploy: 2_000 }, faults: 'deploy.submit:no-response' },
  });
  await killAt(fleet, /"step":"deploying"/, () => deployCount(fleet, 'lost') === 1);
  const copy = await startFleet(workspace, {});
  ['.runs', 'config'].forEach((name) =>
    cpSync(join(fleet.project, name), join(copy.project, name), { recursive: true }),
  );
  appendFileSync(join(copy.project, '.runs', latestRunId(copy), 'journal.ndjson'), '{"at":"2026-01-01T00:00');
  const { exit, org, progress } = await copy.deploy({ resume: true, submitTimeout: '5s' });
  assert.deepEqual([exit, org('lost').status, deployCount(fleet, 'lost')], [0, 'changed', 1]);
  assert.ok(progress.some((line) => /lost: submitted 0Af/.test(line)));
});

test('finds the deploy job in the same run when the response is lost', async () => {
  const fleet = await startFleet(workspace, { torn: { ...ONE_CHANNEL, faults: 'deploy.submit:reset' } });
  const { exit, org, progress } = await fleet.deploy({ submitTimeout: '5s' });
  assert.deepEqual([exit, org('torn').status, org('torn').deployIds.length], [0, 'changed', 1]);
  assert.equal(deployCount(fleet, 'torn'), 1);
  assert.ok(progress.some((line) => line.includes('torn: looking up')));
});

/** The run in the document of a deploy. */
const runOf = ({ document }: CommandResult): unknown => ('run' in document ? document.run : undefined);

test('reports unknown when no deploy job is found and deploys when the run is resumed', async () => {
  const fleet = await startFleet(workspace, { cut: { ...ONE_CHANNEL, faults: 'deploy.submit:503' } });
  const first = await fleet.deploy({ submitTimeout: '1s' });
  assert.deepEqual(
    [first.exit, first.org('cut').status, first.org('cut').error?.code],
    [1, 'unknown', 'deploy-unknown'],
  );
  assert.equal(deployCount(fleet, 'cut'), 0);
  const second = await fleet.deploy({ resume: true, submitTimeout: '1s' });
  assert.deepEqual([second.exit, second.org('cut').status, deployCount(fleet, 'cut')], [0, 'changed', 1]);
  const id = latestRunId(fleet);
  assert.deepEqual(runIds(fleet), [id], 'it is the same run');
  const third = await fleet.deploy({ resume: true });
  const dryRun = await fleet.deploy({ dryRun: true });
  assert.deepEqual([first, second, third, dryRun].map(runOf), [id, id, id, undefined]);
});

test('ignores a deploy job that another user submits at the same time', async () => {
  const fleet = await startFleet(workspace, { shared: { ...ONE_CHANNEL, faults: 'deploy.submit:503' } });
  const other = await startFleet(workspace, {});
  other.configure('shared', { orgId: fleet.org('shared').orgId, kind: 'sandbox', channels: ['Mobile_Chat'] });
  let otherDeploy: Promise<unknown> | undefined;
  const onProgress = (line: string): void =>
    void (line.includes('looking up') && (otherDeploy ??= submitByOtherProcess(other)));
  const { org } = await fleet.deploy({ submitTimeout: '4s', onProgress });
  await otherDeploy;
  assert.deepEqual([org('shared').status, org('shared').deployIds], ['unknown', []]);
});

/** Submits the source of another project without the org lock, which only this project's runs use. */
async function submitByOtherProcess(other: Fleet): Promise<void> {
  const folder = workspace.workers.createFolder();
  cpSync(join(other.project, 'force-app/main/default/queueRoutingConfigs'), join(folder, 'queueRoutingConfigs'), {
    recursive: true,
  });
  await workspace.workers.run('exclusive', 'project:deploy:start', deployArguments(other.project), 60_000);
}

const deployArguments = (project: string): readonly string[] => {
  const source = join(project, 'force-app/main/default/queueRoutingConfigs');
  return ['--source-dir', source, '--async', '--target-org', 'shared', '--json'];
};

test('publishes a chat deployment of an interrupted run when the run is resumed', async () => {
  const fleet = await startFleet(workspace, { org: { ...ONE_CHANNEL, faults: 'publish:session-expired@1-' } });
  const first = await fleet.deploy();
  fleet.org('org').setFaults('');
  assert.deepEqual([first.exit, first.org('org').status], [1, 'unknown']);
  const second = await fleet.deploy({ resume: true });
  assert.deepEqual([second.exit, deployCount(fleet, 'org')], [0, 1]);
  assert.equal(writeEvents(fleet.org('org')).filter(({ kind }) => kind === 'publish').length, 1);
});

test('publishes a chat deployment of an interrupted run in a new run, once', async () => {
  const fleet = await startFleet(workspace, { org: { ...ONE_CHANNEL, faults: 'publish:session-expired@1-' } });
  await fleet.deploy();
  fleet.org('org').setFaults('');
  const { shown, org } = await fleet.deploy();
  assert.equal(org('org').status, 'unchanged');
  assert.match(shown, /This run also publishes Guest_Web_Chat \(org\), which an earlier run left\./);
  const second = await fleet.deploy();
  assert.doesNotMatch(second.shown, /also publishes/);
  assert.equal(writeEvents(fleet.org('org')).filter(({ kind }) => kind === 'publish').length, 1);
});

test('rejects --resume without a run and with an unknown run ID', async () => {
  const fleet = await startFleet(workspace, { org: ONE_CHANNEL });
  await assert.rejects(fleet.deploy({ resume: true }), { code: 'unknown-run' });
  await assert.rejects(fleet.deploy({ resume: 'yesterday' }), { code: 'unknown-run' });
  assert.deepEqual(writeEvents(fleet.org('org')), []);
});

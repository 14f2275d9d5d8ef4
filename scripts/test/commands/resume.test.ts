import assert from 'node:assert/strict';
import { appendFileSync, cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { startProcess, waitUntil } from './command-process';
import { startFleet, writeEvents, type Fleet, type OrgSetup } from './fleet';
import { latestRunId, runIds } from './run-helpers';
import { createWorkspace } from './workspace';

const workspace = createWorkspace();
const ONE_CHANNEL: OrgSetup = { config: { channels: ['Guest_Web_Chat'] } };

const deployCount = (fleet: Fleet, alias: string): number =>
  writeEvents(fleet.org(alias)).filter(({ kind }) => kind === 'deploy').length;

/** Starts a deploy as a process of its own, and kills it as soon as its journal says something and something is so. */
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

test('a deploy that was killed is gone on with by id: nothing is sent again, and what was left is done', async () => {
  const fleet = await startFleet(workspace, {
    slow: { ...ONE_CHANNEL, latency: { deploy: 4_000 } },
    done: ONE_CHANNEL,
  });
  await killAt(fleet, /"org":"slow","step":"submitted"[^]*"org":"done","step":"changed"/);
  const { exit, document, org } = await fleet.deploy({ resume: true });
  assert.deepEqual([exit, org('slow').status], [0, 'changed']);
  assert.deepEqual(
    document.orgs.map(({ alias }) => alias),
    ['slow'],
    'the other one is through',
  );
  assert.deepEqual(
    ['slow', 'done'].map((alias) => deployCount(fleet, alias)),
    [1, 1],
  );
  assert.equal(writeEvents(fleet.org('slow')).filter(({ kind }) => kind === 'publish').length, 1);
  const again = await fleet.deploy({ resume: true });
  assert.deepEqual([again.exit, again.document.orgs], [0, []]);
  assert.match(again.shown, /Nothing is left to do/);
});

test('an id that the journal lost is found in the org, and from another checkout', async () => {
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

test('within one run, too: an answer that is lost is looked up, and the run comes through', async () => {
  const fleet = await startFleet(workspace, { torn: { ...ONE_CHANNEL, faults: 'deploy.submit:reset' } });
  const { exit, org, progress } = await fleet.deploy({ submitTimeout: '5s' });
  assert.deepEqual([exit, org('torn').status, org('torn').deployIds.length], [0, 'changed', 1]);
  assert.equal(deployCount(fleet, 'torn'), 1);
  assert.ok(progress.some((line) => line.includes('torn: looking up')));
});

test('a submission that is nowhere stays unknown in its run; going on finds that it never arrived and sends it', async () => {
  const fleet = await startFleet(workspace, { cut: { ...ONE_CHANNEL, faults: 'deploy.submit:503' } });
  const first = await fleet.deploy({ submitTimeout: '1s' });
  assert.deepEqual(
    [first.exit, first.org('cut').status, first.org('cut').error?.code],
    [1, 'unknown', 'deploy-unknown'],
  );
  assert.equal(deployCount(fleet, 'cut'), 0);
  const second = await fleet.deploy({ resume: true, submitTimeout: '1s' });
  assert.deepEqual([second.exit, second.org('cut').status, deployCount(fleet, 'cut')], [0, 'changed', 1]);
  assert.equal(runIds(fleet).length, 1, 'it is the same run');
});

test('somebody else who deploys at the same moment is not taken for us', async () => {
  const fleet = await startFleet(workspace, { shared: { ...ONE_CHANNEL, faults: 'deploy.submit:503' } });
  const other = await startFleet(workspace, {});
  other.configure('shared', { orgId: fleet.org('shared').orgId, kind: 'sandbox', channels: ['Mobile_Chat'] });
  let theirs: Promise<unknown> | undefined;
  const onProgress = (line: string): void =>
    void (line.includes('looking up') && (theirs ??= submitByOtherProcess(other)));
  const { org } = await fleet.deploy({ submitTimeout: '4s', onProgress });
  await theirs;
  assert.deepEqual([org('shared').status, org('shared').deployIds], ['unknown', []]);
});

/** Submits what another project has, by itself: the lock of an org is for runs of ours. */
async function submitByOtherProcess(other: Fleet): Promise<void> {
  const folder = workspace.hosts.createFolder();
  cpSync(join(other.project, 'force-app/main/default/queueRoutingConfigs'), join(folder, 'queueRoutingConfigs'), {
    recursive: true,
  });
  await workspace.hosts.run('exclusive', 'project:deploy:start', deployArguments(other.project), 60_000);
}

const deployArguments = (project: string): readonly string[] => {
  const source = join(project, 'force-app/main/default/queueRoutingConfigs');
  return ['--source-dir', source, '--async', '--target-org', 'shared', '--json'];
};

test('what an interrupted run did not publish is published by the one that goes on', async () => {
  const fleet = await startFleet(workspace, { org: { ...ONE_CHANNEL, faults: 'publish:session-expired@1-' } });
  const first = await fleet.deploy();
  fleet.org('org').setFaults('');
  assert.deepEqual([first.exit, first.org('org').status], [1, 'unknown']);
  const second = await fleet.deploy({ resume: true });
  assert.deepEqual([second.exit, deployCount(fleet, 'org')], [0, 1]);
  assert.equal(writeEvents(fleet.org('org')).filter(({ kind }) => kind === 'publish').length, 1);
});

test('a deploy of its own does not publish that, and says how it is published', async () => {
  const fleet = await startFleet(workspace, { org: { ...ONE_CHANNEL, faults: 'publish:session-expired@1-' } });
  await fleet.deploy();
  fleet.org('org').setFaults('');
  const { progress, org } = await fleet.deploy();
  assert.equal(org('org').status, 'unchanged');
  const run = /is incomplete at org\..* npm run deploy -- --resume (\S+)$/m.exec([progress].flat().join('\n'))?.[1];
  assert.ok(run, [progress].flat().join('\n'));
  const second = await fleet.deploy({ resume: run });
  assert.equal(second.exit, 0, second.shown);
  assert.equal(writeEvents(fleet.org('org')).filter(({ kind }) => kind === 'publish').length, 1);
});

test('there is nothing to go on with where there is no run, and a run of that name has to be there', async () => {
  const fleet = await startFleet(workspace, { org: ONE_CHANNEL });
  await assert.rejects(fleet.deploy({ resume: true }), { code: 'unknown-run' });
  await assert.rejects(fleet.deploy({ resume: 'yesterday' }), { code: 'unknown-run' });
  assert.deepEqual(writeEvents(fleet.org('org')), []);
});

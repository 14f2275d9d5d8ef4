import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Sf } from '../../lib/sf';
import type { LocalOrg } from '../../local-org/index';
import { runProcess } from './command-process';
import { documentSchemas, type CommandDocument } from './document-schemas';
import { startFleet, editInSetup, replaceOrFail, writeEvents, type Fleet, type OrgSetup } from './fleet';
import { createWorkspace } from './workspace';

const workspace = createWorkspace();
/** The login store of another machine. */
const otherMachine = createWorkspace();
const ONE_CHANNEL: OrgSetup = { config: { channels: ['Guest_Web_Chat'] } };
const CHANNEL = 'messagingChannels/Guest_Web_Chat.messagingChannel';

const deployCount = (fleet: Fleet, alias: string): number =>
  writeEvents(fleet.org(alias)).filter(({ kind }) => kind === 'deploy').length;

const SOURCE = `force-app/main/default/${CHANNEL}-meta.xml`;

const logInFromOtherMachine = ({ alias, username, clientId, url }: LocalOrg): Promise<void> =>
  new Sf(otherMachine.workers, '67.0').login({ alias, username, clientId, url, keyFile: workspace.loginKeyFile });

const locks = join(workspace.home, '.sf/user-verification');
const lockFile = (fleet: Fleet, alias: string): string => join(locks, `${fleet.org(alias).orgId.slice(0, 15)}.lock`);

/** Writes a lock file of another run. */
function writeLock(file: string, holder: { readonly pid: number; readonly host?: string }): void {
  mkdirSync(locks, { recursive: true });
  const since = new Date().toISOString();
  writeFileSync(file, JSON.stringify({ started: '', host: hostname(), since, token: 'other', ...holder }));
}

test('lets the second of two concurrent runs wait, find no change, and send nothing', async () => {
  const fleet = await startFleet(workspace, { both: { ...ONE_CHANNEL, faults: 'deploy.status:timeout=600s@1-' } });
  const onProgress = (line: string): void => {
    if (line.includes('waiting for another run')) fleet.org('both').setFaults('');
  };
  const [one, other] = await Promise.all([fleet.deploy({ onProgress }), fleet.deploy({ onProgress })]);
  assert.deepEqual([one.exit, other.exit, deployCount(fleet, 'both')], [0, 0, 1]);
  assert.deepEqual([one.org('both').status, other.org('both').status].sort(), ['changed', 'unchanged']);
  assert.ok([...one.progress, ...other.progress].some((line) => /waiting for another run \(process \d+/.test(line)));
  assert.deepEqual(readdirSync(locks), []);
});

test('fails with the owner of the lock after the lock timeout', async () => {
  const fleet = await startFleet(workspace, { held: ONE_CHANNEL });
  writeLock(lockFile(fleet, 'held'), { pid: 1, host: 'another-machine' });
  const { exit, org } = await fleet.deploy({ lockTimeout: '1s' });
  assert.deepEqual([exit, org('held').status, org('held').error?.code], [1, 'failed', 'org-busy']);
  assert.match(org('held').error?.what ?? '', /locked by process 1 on another-machine/);
  assert.deepEqual(writeEvents(fleet.org('held')), []);
});

test('ignores the lock of a process that no longer exists', async () => {
  const fleet = await startFleet(workspace, { stale: ONE_CHANNEL });
  writeLock(lockFile(fleet, 'stale'), { pid: 2 ** 22 + 1 });
  assert.equal((await fleet.deploy({ lockTimeout: '1s' })).exit, 0);
});

test('waits for a deploy job of another user and plans the org again', async () => {
  const latency = { deploy: 600_000 };
  const fleet = await startFleet(workspace, { busy: { ...ONE_CHANNEL, latency } });
  await submitEmptyDeploy('busy');
  let canceled: Promise<unknown> | undefined;
  /** The other user cancels the job once the run waits for it. */
  const onProgress = (line: string): void => {
    const id = /busy: waiting for deploy job (0Af\w+) by Local Admin \(InProgress\)/.exec(line)?.[1];
    if (id === undefined) return;
    latency.deploy = 0;
    const argv = ['--job-id', id, '--async', '--target-org', 'busy', '--json'];
    canceled ??= workspace.workers.run('exclusive', 'project:deploy:cancel', argv, 60_000);
  };
  const { exit } = await fleet.deploy({ onProgress });
  assert.ok(canceled);
  assert.deepEqual([exit, deployCount(fleet, 'busy')], [0, 2]);
});

test('rejects a run and sends nothing when a deploy job of another user exceeds the lock timeout', async () => {
  const fleet = await startFleet(workspace, { long: { ...ONE_CHANNEL, latency: { deploy: 60_000 } } });
  await submitEmptyDeploy('long');
  const { org } = await fleet.deploy({ lockTimeout: '1s' });
  assert.deepEqual([org('long').error?.code, deployCount(fleet, 'long')], ['org-busy', 1]);
});

async function submitEmptyDeploy(alias: string): Promise<void> {
  const folder = workspace.workers.createFolder();
  const xml = '<Package xmlns="http://soap.sforce.com/2006/04/metadata"><version>67.0</version></Package>';
  writeFileSync(join(folder, 'package.xml'), `<?xml version="1.0"?>${xml}`);
  const argv = ['--metadata-dir', folder, '--async', '--target-org', alias, '--json'];
  await workspace.workers.run('exclusive', 'project:deploy:start', argv, 60_000);
}

test('rejects an org that changed while the run waited, because the plan was never shown', async () => {
  const fleet = await startFleet(workspace, { moved: ONE_CHANNEL });
  assert.equal((await fleet.deploy()).exit, 0);
  const org = fleet.org('moved');
  editInSetup(org, CHANNEL, /<masterLabel>.*<\/masterLabel>/, '<masterLabel>First</masterLabel>');
  writeLock(lockFile(fleet, 'moved'), { pid: 1, host: 'another-machine' });
  const onProgress = (line: string): void => {
    if (!line.includes('waiting for another run')) return;
    editInSetup(org, CHANNEL, '<masterLabel>First', '<masterLabel>Second');
    rmSync(lockFile(fleet, 'moved'));
  };
  const { exit, org: orgOf } = await fleet.deployAccepted({ onProgress });
  assert.deepEqual([exit, orgOf('moved').status, orgOf('moved').error?.code], [1, 'failed', 'plan-stale']);
  assert.equal(deployCount(fleet, 'moved'), 1);
});

test('starts later waves despite failures with --max-failures and retries only failed orgs with --only-failed', async () => {
  const fleet = await startFleet(workspace, {
    broken: { ...ONE_CHANNEL, faults: 'deploy.submit:503@1-', config: { ...ONE_CHANNEL.config, wave: 1 } },
    later: { ...ONE_CHANNEL, config: { ...ONE_CHANNEL.config, wave: 2 } },
  });
  const first = await fleet.deploy({ maxFailures: 1, waveDelay: '1s', submitTimeout: '1s' });
  assert.deepEqual([first.org('broken').status, first.org('later').status], ['unknown', 'changed']);
  fleet.org('broken').setFaults('');
  const second = await fleet.deploy({ onlyFailed: true, submitTimeout: '1s' });
  assert.deepEqual([second.exit, second.document.orgs.map(({ alias }) => alias)], [0, ['broken']]);
});

/** Copies a project, with another token lifetime of the guest channel. */
function copyProject({ project }: Fleet, minutes: number): string {
  const copy = `${project}-${minutes}`;
  cpSync(project, copy, { recursive: true });
  const file = join(copy, SOURCE);
  writeFileSync(file, replaceOrFail(readFileSync(file, 'utf8'), '>360<', `>${minutes}<`));
  return copy;
}

const readDocument = (stdout: string): CommandDocument => documentSchemas.deploy.parse(JSON.parse(stdout));

test('two machines with different sources never overwrite each other', async () => {
  const fleet = await startFleet(workspace, { two: { ...ONE_CHANNEL, latency: { deploy: 1_500, retrieve: 700 } } });
  const org = fleet.org('two');
  await logInFromOtherMachine(org);
  assert.equal((await fleet.deploy()).exit, 0);
  const start = org.log.length;
  const results = await Promise.all(
    (
      [
        [workspace, 400],
        [otherMachine, 500],
      ] as const
    ).map(async ([machine, minutes]) => {
      const argv = ['--project', copyProject(fleet, minutes), '--accept', 'disruptive', '--json'];
      const { exit, stdout } = await runProcess(machine, 'deploy', argv);
      const [result] = readDocument(stdout).orgs;
      const code = result?.error?.code;
      return { minutes, exit, code, from: result?.changes[0]?.from, job: result?.deployIds.at(-1) };
    }),
  );
  const events = org.log.slice(start);
  const idsOf = (kind: string): readonly unknown[] =>
    events.flatMap((event) => (event.kind === kind ? [event.detail['id']] : []));
  const canceled = idsOf('cancel');
  const winners = idsOf('deploy')
    .filter((id) => !canceled.includes(id))
    .map((id) => results.find(({ job }) => job === id));
  // Each deploy that changed the org saw what the one before it had left. A slow machine plans after the other one is done.
  assert.deepEqual(
    winners.map((each) => each?.from),
    ['360', ...winners.slice(0, -1).map((each) => String(each?.minutes))],
    JSON.stringify(results),
  );
  assert.match(org.files().get(CHANNEL) ?? '', new RegExp(`>${winners.at(-1)?.minutes}<`));
  for (const each of results)
    assert.deepEqual([each.exit, each.code], winners.includes(each) ? [0, undefined] : [1, 'plan-stale']);
});

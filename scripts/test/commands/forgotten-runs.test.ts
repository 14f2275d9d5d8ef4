import assert from 'node:assert/strict';
import { cpSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { Sf } from '../../lib/sf';
import { runProcess, startProcess, waitUntil } from './command-process';
import { documentSchemas } from './document-schemas';
import { startFleet, writeEvents, type Fleet, type OrgSetup } from './fleet';
import { latestRunId, runIds } from './run-helpers';
import { createWorkspace } from './workspace';

const workspace = createWorkspace();
/** The login store of another machine. */
const otherMachine = createWorkspace();
const ONE_CHANNEL: OrgSetup = { config: { channels: ['Guest_Web_Chat'] } };
/**
 * The request after each step, which the org holds, so that a run is always killed before it continues. The org holds only the first
 * publish request.
 */
const HELD = {
  submitted: { faults: 'deploy.status:timeout=600s@1-' },
  publishing: { faults: 'publish:timeout=600s' },
} as const;

const countOf = (fleet: Fleet, alias: string, what: 'deploy' | 'publish'): number =>
  writeEvents(fleet.org(alias)).filter(({ kind }) => kind === what).length;
const publishCount = (fleet: Fleet, alias: string): number => countOf(fleet, alias, 'publish');

const holdsRequest = (fleet: Fleet, alias: string): boolean =>
  fleet.org(alias).log.some(({ kind }) => kind === 'fault');

/** Kills a deploy when its org holds the request of a step (HELD). Returns the run ID. */
async function killHeld(fleet: Fleet, alias: string, args: readonly string[] = ['--org', alias]): Promise<string> {
  const running = startProcess(workspace, 'deploy', ['--project', fleet.project, ...args, '--json']);
  await waitUntil('the org holds the request', () => holdsRequest(fleet, alias));
  running.child.kill('SIGKILL');
  await running.ended;
  return latestRunId(fleet);
}

/** Renames a run as if the clock had been ahead when it started. */
function setRunInFuture({ project }: Fleet, run: string): void {
  renameSync(join(project, '.runs', run), join(project, '.runs', `2099${run.slice(4)}`));
}

test('a run that was killed while publishing is reported and resumed after other deploys and a clock that was ahead', async () => {
  const fleet = await startFleet(workspace, { dev: { ...ONE_CHANNEL, ...HELD.publishing }, uat: ONE_CHANNEL });
  const killed = await killHeld(fleet, 'dev');
  const other = await fleet.deploy({ org: ['uat'] });
  assert.equal(other.exit, 0);
  assert.doesNotMatch(other.shown, new RegExp(killed), 'the run has no work left in uat');
  setRunInFuture(fleet, latestRunId(fleet));
  const resume = `npm run deploy -- --resume ${killed}`;
  for (const command of ['plan', 'status'] as const)
    assert.ok((await fleet.run(command)).shown.includes(resume), command);
  const listed = await runProcess(workspace, 'runs', ['--project', fleet.project]);
  assert.ok(listed.stdout.includes(resume), listed.stdout + listed.stderr);

  assert.ok((await fleet.deploy({ dryRun: true })).shown.includes(resume));
  const resumed = await fleet.deploy({ resume: true });
  assert.deepEqual([resumed.exit, resumed.document.orgs.map(({ alias }) => alias)], [0, ['dev']]);
  assert.deepEqual([publishCount(fleet, 'dev'), publishCount(fleet, 'uat')], [1, 1]);
  assert.equal(runIds(fleet).length, 2);
  assert.doesNotMatch((await fleet.plan()).shown, /--resume/);
  assert.match((await fleet.deploy({ resume: true })).shown, /Nothing is left to do/);
});

test('a deploy without --resume completes a run that was killed while publishing', async () => {
  const fleet = await startFleet(workspace, { dev: { ...ONE_CHANNEL, ...HELD.publishing } });
  await killHeld(fleet, 'dev');
  const { exit, shown, org } = await fleet.deploy();
  assert.deepEqual([exit, org('dev').status, publishCount(fleet, 'dev')], [0, 'unchanged', 1]);
  assert.match(shown, /This run also publishes Guest_Web_Chat \(dev\), which an earlier run left\./);
  const listed = await runProcess(workspace, 'runs', ['--project', fleet.project]);
  assert.match(listed.stdout, /2 runs in .*: 0 incomplete\./);
  const again = await fleet.deploy();
  assert.deepEqual([publishCount(fleet, 'dev'), countOf(fleet, 'dev', 'deploy')], [1, 1]);
  assert.doesNotMatch(again.shown, /also publishes/);
});

test('runs lists a run as running while its process exists', async () => {
  const fleet = await startFleet(workspace, { dev: { ...ONE_CHANNEL, ...HELD.submitted } });
  const { child, ended } = startProcess(workspace, 'deploy', ['--project', fleet.project, '--all']);
  await waitUntil('the deploy waits for its job', () => holdsRequest(fleet, 'dev'));
  const list = () => runProcess(workspace, 'runs', ['--project', fleet.project]);
  const during = await list();
  child.kill('SIGKILL');
  await ended;
  const after = await list();
  assert.match(during.stdout, /deploy {2}running\n[^]*dev \(running\)[^]*0 incomplete, 1 running\./);
  assert.doesNotMatch(during.stdout, /Resume:/);
  assert.match(after.stdout, /deploy {2}incomplete\n[^]*Resume:\s/);
});

/** How the second attempt of a pipeline job finds the work of the first one. */
const SECOND_ATTEMPTS = [
  { step: 'publishing', journal: false, saved: false },
  { step: 'publishing', journal: false, saved: true },
  { step: 'publishing', journal: true, saved: true },
  { step: 'submitted', journal: false, saved: true },
  { step: 'submitted', journal: true, saved: false },
] as const;

describe('second attempt of a deploy on another machine', { concurrency: SECOND_ATTEMPTS.length }, () => {
  for (const [index, { step, journal, saved }] of SECOND_ATTEMPTS.entries())
    test(`with ${journal ? 'the' : 'no'} journal completes ${saved ? 'a saved plan' : 'a deploy'} that was killed at ${step}`, async () => {
      const alias = `attempt-${index}`;
      const fleet = await startFleet(workspace, { [alias]: { ...ONE_CHANNEL, ...HELD[step] } });
      const { username, clientId, url } = fleet.org(alias);
      const login = { alias, username, clientId, url, keyFile: workspace.loginKeyFile };
      await new Sf(otherMachine.workers, '67.0').login(login);
      const plan = join(fleet.project, 'plan.json');
      if (saved) await fleet.plan({ out: plan });
      const args = ['--all', '--accept', 'disruptive', ...(saved ? ['--plan', plan] : [])];
      await killHeld(fleet, alias, args);
      if (step === 'submitted') fleet.org(alias).setFaults('');
      const runs = join(otherMachine.folder, `runs-${index}`);
      if (journal) cpSync(join(fleet.project, '.runs'), runs, { recursive: true });
      const attempt = () =>
        runProcess(otherMachine, 'deploy', [...args, '--project', fleet.project, '--runs', runs, '--json']);
      const { exit, stdout, stderr } = await attempt();
      const published = publishCount(fleet, alias);
      assert.equal(exit, 0, stderr);
      assert.equal(countOf(fleet, alias, 'deploy'), 1, stderr);
      assert.ok(published > 0, stderr);
      const reason = journal ? 'which an earlier run left' : 'no journal in .* shows';
      if (step === 'publishing') assert.match(stderr, new RegExp(`also publishes .*${reason}`));
      assert.ok(documentSchemas.deploy.parse(JSON.parse(stdout)).orgs.every(({ error }) => error === undefined));
      const third = await attempt();
      assert.deepEqual(
        [third.exit, publishCount(fleet, alias)],
        [0, published],
        'the journal of the second attempt tells',
      );
    });
});

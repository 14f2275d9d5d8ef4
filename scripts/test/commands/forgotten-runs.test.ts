import assert from 'node:assert/strict';
import { readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runProcess, startProcess, waitUntil } from './command-process';
import { startFleet, writeEvents, type Fleet, type OrgSetup } from './fleet';
import { latestRunId, runIds } from './run-helpers';
import { createWorkspace } from './workspace';

const workspace = createWorkspace();
const ONE_CHANNEL: OrgSetup = { config: { channels: ['Guest_Web_Chat'] } };

const publishCount = (fleet: Fleet, alias: string): number =>
  writeEvents(fleet.org(alias)).filter(({ kind }) => kind === 'publish').length;

function readFirstJournal(runs: string): string {
  try {
    return readFileSync(join(runs, readdirSync(runs)[0] ?? '', 'journal.ndjson'), 'utf8');
  } catch {
    return '';
  }
}

/** Kills a deploy of one org before its publish request is sent. Returns the ID of the run. */
async function killWhilePublishing(fleet: Fleet, alias: string): Promise<string> {
  const running = startProcess(workspace, 'deploy', ['--project', fleet.project, '--org', alias, '--json']);
  const isPublishing = (): boolean => /"step":"publishing"/.test(readFirstJournal(join(fleet.project, '.runs')));
  await waitUntil('the journal contains "publishing"', isPublishing);
  running.child.kill('SIGKILL');
  await running.ended;
  assert.equal(publishCount(fleet, alias), 0);
  return latestRunId(fleet);
}

/** Renames a run as if the clock had been ahead when it started. */
function setRunInFuture({ project }: Fleet, run: string): void {
  renameSync(join(project, '.runs', run), join(project, '.runs', `2099${run.slice(4)}`));
}

test('a run that was killed while publishing is reported and resumed after other deploys and a clock that was ahead', async () => {
  const fleet = await startFleet(workspace, { dev: ONE_CHANNEL, uat: ONE_CHANNEL });
  const killed = await killWhilePublishing(fleet, 'dev');
  const other = await fleet.deploy({ org: ['uat'] });
  assert.equal(other.exit, 0);
  assert.doesNotMatch(other.shown, new RegExp(killed), 'the run has no work left in uat');
  setRunInFuture(fleet, latestRunId(fleet));
  const resume = `npm run deploy -- --resume ${killed}`;
  for (const command of ['deploy', 'plan', 'status'] as const)
    assert.ok((await fleet.run(command)).shown.includes(resume), command);
  const listed = await runProcess(workspace, 'runs', ['--project', fleet.project]);
  assert.ok(listed.stdout.includes(resume), listed.stdout + listed.stderr);

  const resumed = await fleet.deploy({ resume: true });
  assert.deepEqual([resumed.exit, resumed.document.orgs.map(({ alias }) => alias)], [0, ['dev']]);
  assert.deepEqual([publishCount(fleet, 'dev'), publishCount(fleet, 'uat')], [1, 1]);
  assert.equal(runIds(fleet).length, 3);
  assert.doesNotMatch((await fleet.plan()).shown, /--resume/);
  assert.match((await fleet.deploy({ resume: true })).shown, /Nothing is left to do/);
});

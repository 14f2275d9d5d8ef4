import { basename, join, resolve } from 'node:path';
import type { Context } from '../cli';
import { EXIT, ToolError, type ExitCode } from '../errors';
import { rollbackTarget, type PlanOptions, latestSince } from '../rollout';
import { readPlanFile, listRuns, snapshotPath, listSnapshots, type PlanFileOrg } from '../plan';
import { Sf, type CliWorkerPool } from '../sf';
import { assertAcceptFlag } from '../rollout/confirm';
import { executePlans, type ExecuteFlags } from '../rollout/execute';
import { timeoutsFrom } from '../rollout/timeouts';
import { planWithProgress } from '../rollout/plan-with-progress';
import type { PlannedFleet } from '../rollout/planned-fleet';
import { createRecorder } from '../rollout/recorder';
import { recoverBefore, type ResumableRun } from '../rollout/resume';
import { orgConfigFrom, selectOrgs } from '../rollout/saved-plan';

export interface RollbackFlags extends Pick<
  ExecuteFlags,
  'accept' | 'yes' | 'dryRun' | 'concurrency' | 'runs' | 'lockTimeout' | 'submitTimeout'
> {
  /** The run to take back: the name of its folder. */
  readonly run?: string;
  /** Whether what somebody changed after the run is overwritten. */
  readonly ignoreConflicts?: boolean;
}

/**
 * Brings orgs back to what they held before a run: plans the way from the snapshots of the run, asks, applies it, and reads
 * back. Not wave by wave: an org that waits for going back must not wait for another one. It keeps a journal and snapshots of
 * its own, so it can be rolled back, too.
 */
export async function runRollback(context: Context<RollbackFlags>, hosts: CliWorkerPool): Promise<ExitCode> {
  const { accept, project, runs = '.runs', run, dryRun } = context.flags;
  assertAcceptFlag(accept);
  const timeouts = timeoutsFrom(context.flags);
  const runsFolder = resolve(project, runs);
  const runFolder = join(runsFolder, findRunFolder(runsFolder, run));
  const recorder = createRecorder(context, undefined);
  const previousRun = readPreviousRun(runsFolder, runFolder);
  const beforeRead = dryRun === true ? undefined : recoverBefore(previousRun, timeouts, recorder.recordStep);
  const plannedFleet = await planRollback(context, hosts, runFolder, beforeRead);
  return executePlans(context, plannedFleet, {
    command: 'rollback',
    ignoreWaves: true,
    recorder,
    previousRun: previousRun,
    resumeCommand: `npm run rollback -- --run ${basename(runFolder)}`,
  });
}

/**
 * What is known of the orgs since the run: a deployment that nobody saw the end of is looked after before an org is read, and
 * what a rollback that broke off did not publish is published. What was accepted then is asked again.
 */
function readPreviousRun(runs: string, runFolder: string): ResumableRun {
  const latest = [...latestSince(runs, basename(runFolder)).values()];
  const rollbacks = latestSince(runs, basename(runFolder), 'rollback');
  const orgs = latest.map((org) => ({
    ...org,
    changes: [],
    pendingPublishes: rollbacks.get(org.alias)?.pendingPublishes ?? [],
  }));
  return { folder: runFolder, orgs };
}

async function planRollback(
  context: Context<RollbackFlags>,
  hosts: CliWorkerPool,
  runFolder: string,
  before: PlanOptions['beforeRead'],
): Promise<PlannedFleet> {
  const { flags } = context;
  const snapshots = listSnapshots(runFolder).map((alias) => readPlanFile(snapshotPath(runFolder, alias), 'snapshot'));
  const { orgs } = selectOrgs({ orgs: snapshots.flatMap((each) => each.orgs), unplanned: [] }, flags);
  const apiVersion = snapshots[0]?.apiVersion ?? '';
  const sf = new Sf(hosts, apiVersion);
  const toTarget = (each: PlanFileOrg): ReturnType<typeof rollbackTarget> =>
    rollbackTarget({ org: orgConfigFrom(each) }, each.transition, flags.ignoreConflicts === true);
  const message = `Going back to before ${basename(runFolder)}; reading`;
  const planOptions = { apiVersion, concurrency: flags.concurrency, beforeRead: before };
  const fleet = await planWithProgress(context, sf, orgs.map(toTarget), planOptions, message);
  return { sf, apiVersion, from: 'snapshots', valid: true, fleet, findings: [] };
}

/** The folder of a run that has snapshots. A name that leads elsewhere is none of them. */
function findRunFolder(runs: string, run: string | undefined): string {
  const availableRuns = listRuns(runs);
  const match = availableRuns.find(([name]) => name === run);
  if (match) return match[0];
  const choices = availableRuns.slice(0, 10).map(([name, orgs]) => `${name} (${orgs.join(', ')})`);
  throw new ToolError(
    'unknown-run',
    {
      what: run === undefined ? 'Which run to take back is not said.' : `There is no run "${run}" to take back.`,
      why:
        choices.length > 0
          ? `Of these there are snapshots, the last one first: ${choices.join('; ')}.`
          : `No run in ${runs} has changed an org.`,
      fix: `Look at one: npm run rollback -- --run ${availableRuns[0]?.[0] ?? '<run>'} --dry-run. Each deploy that changes an org makes one, in the folder that --runs names.`,
    },
    { exit: EXIT.invalid },
  );
}

import { commandText, extendCommand, type DesiredState } from '../model';
import { basename, dirname, join, resolve } from 'node:path';
import type { Context } from '../cli';
import { asToolError, EXIT, ToolError, type ErrorCode, type ExitCode } from '../errors';
import { readRuns, rollbackTarget, type PlanOptions } from '../rollout';
import { type LiveOrg, assertTransitionTrust } from '../org';
import {
  readPlanFile,
  listRuns,
  snapshotPath,
  listSnapshots,
  type PlanFile,
  type PlanFileOrg,
  type UnplannedOrg,
} from '../plan';
import { readCompromisedKeys } from '../rotation';
import { Sf, type CliWorkerPool } from '../sf';
import { assertAcceptFlag, selectionArguments } from '../rollout/confirm';
import { withAcceptedTrust } from '../rollout/rollback-org';
import { executePlans, type ExecuteFlags } from '../rollout/execute';
import { printIncompleteRuns } from '../rollout/incomplete-runs';
import { flagArguments } from '../rollout/run-flags';
import { timeoutsFrom } from '../rollout/timeouts';
import { planWithProgress } from '../rollout/plan-with-progress';
import type { PlannedFleet } from '../rollout/planned-fleet';
import { createRecorder } from '../rollout/recorder';
import { recoverBefore } from '../rollout/resume';
import { failedPlan, orgConfigFrom, selectOrgs } from '../rollout/saved-plan';

/** The value of --accept that lets a rollback restore undeclared trust. */
const UNDECLARED_TRUST = 'undeclared-trust';

export interface RollbackFlags extends Pick<
  ExecuteFlags,
  'accept' | 'yes' | 'dryRun' | 'concurrency' | 'runs' | 'lockTimeout' | 'submitTimeout'
> {
  /** ID of the run to roll back: the name of its folder. */
  readonly run?: string;
  /** Whether to overwrite changes that were made after the run. */
  readonly ignoreConflicts?: boolean;
}

/**
 * Restores the state of orgs before a run: plans the inverse of the run's snapshots, confirms, applies, and reads back. There are
 * no waves: the rollback of an org must not wait for another org. A rollback has its own journal and snapshots, so it can be
 * rolled back too.
 */
export async function runRollback(context: Context<RollbackFlags>, workers: CliWorkerPool): Promise<ExitCode> {
  const { accept, project, runs = '.runs', run, dryRun } = context.flags;
  assertAcceptFlag(accept, ACCEPT_ROLLBACK);
  const timeouts = timeoutsFrom(context.flags);
  const runsFolder = resolve(project, runs);
  const runFolder = join(runsFolder, findRunFolder(runsFolder, run, context.flags));
  const recorder = createRecorder(context, undefined);
  const beforeRead = dryRun === true ? undefined : recoverBefore(context, timeouts, recorder);
  const plannedFleet = await planRollback(context, workers, runFolder, beforeRead);
  const resumeCommand = rollbackCommand(context.flags, basename(runFolder));
  printIncompleteRuns(
    context,
    plannedFleet.fleet.map(({ desired }) => desired.org),
    { folder: runFolder, resumeCommand, publishes: dryRun !== true },
  );
  return executePlans(context, plannedFleet, {
    command: 'rollback',
    ignoreWaves: true,
    recorder,
    resumeCommand,
  });
}

/** The rollback of a run with the flags of the user. */
const rollbackCommand = (
  flags: Context<RollbackFlags>['flags'],
  run: string,
  selection = selectionArguments(flags),
): string => commandText('rollback', '--run', run, ...selection, ...flagArguments(flags, REPEATED_FLAGS));

const REPEATED_FLAGS = ['accept', 'ignoreConflicts', 'concurrency', 'lockTimeout', 'submitTimeout'] as const;

const ACCEPT_ROLLBACK = {
  values: ['disruptive', UNDECLARED_TRUST],
  why: 'Only disruptive changes and the restoration of undeclared trust must be accepted.',
};

async function planRollback(
  context: Context<RollbackFlags>,
  workers: CliWorkerPool,
  runFolder: string,
  before: PlanOptions['beforeRead'],
): Promise<PlannedFleet> {
  const { flags } = context;
  const compromised = readCompromisedKeys(flags.project);
  const { snapshots, unreadable } = readSnapshots(runFolder, flags);
  const { orgs, unplanned } = selectOrgs(
    { orgs: snapshots.flatMap((each) => each.orgs), unplanned: unreadable },
    flags,
  );
  const [unreadableOrg] = unplanned;
  if (unreadableOrg && orgs.length === 0)
    throw new ToolError(unreadableOrg.error.code as ErrorCode, unreadableOrg.error, { exit: EXIT.invalid });
  const apiVersion = snapshots[0]?.apiVersion ?? '';
  const sf = new Sf(workers, apiVersion);
  const toTarget = (each: PlanFileOrg): ReturnType<typeof rollbackTarget> =>
    rollbackTarget({ org: orgConfigFrom(each), compromised }, each.transition, flags.ignoreConflicts === true);
  const message = `Rolling back run ${basename(runFolder)}. Reading`;
  const accepted = flags.accept?.includes(UNDECLARED_TRUST) === true;
  const targetFrom = (desired: DesiredState, live: LiveOrg): DesiredState => {
    // A compromised key is an error, not trust that is left out: the run can't be rolled back.
    assertTransitionTrust(desired, live);
    return withAcceptedTrust(desired, live, accepted);
  };
  const planOptions = { apiVersion, concurrency: flags.concurrency, beforeRead: before, targetFrom };
  const fleet = await planWithProgress(context, sf, orgs.map(toTarget), planOptions, message);
  const failed = unplanned.map((each) => failedPlan(each, context.now.getTime()));
  return { sf, apiVersion, from: 'snapshots', valid: true, fleet: [...fleet, ...failed], findings: [] };
}

/** The snapshots of a run. One that can't be read affects only its own org. */
function readSnapshots(
  runFolder: string,
  flags: Context<RollbackFlags>['flags'],
): {
  readonly snapshots: readonly PlanFile[];
  readonly unreadable: readonly UnplannedOrg[];
} {
  const results = listSnapshots(runFolder).map((alias) => {
    try {
      return readPlanFile(snapshotPath(runFolder, alias), 'snapshot');
    } catch (thrown) {
      return unreadableSnapshot(runFolder, alias, asToolError(thrown), flags);
    }
  });
  return {
    snapshots: results.flatMap((each) => ('orgs' in each ? [each] : [])),
    unreadable: results.flatMap((each) => ('error' in each ? [each] : [])),
  };
}

/** The snapshot would contain the kind of the org. An org of unknown kind counts as production. */
function unreadableSnapshot(
  runFolder: string,
  alias: string,
  { code, why }: ToolError,
  flags: Context<RollbackFlags>['flags'],
): UnplannedOrg {
  const run = readRuns(dirname(runFolder)).runs.find(({ folder }) => folder === runFolder);
  const orgId = run?.orgs.find((org) => org.alias === alias)?.orgId ?? '';
  const error = {
    code,
    what: `"${alias}" can't be rolled back, because its snapshot can't be used. Nothing was changed in it.`,
    why,
    fix: `Restore ${snapshotPath(runFolder, alias)} from a copy. Then run: ${extendCommand(rollbackCommand(flags, basename(runFolder), ['--org', alias]))}`,
  };
  return { alias, orgId, kind: 'production', wave: 1, error };
}

/** The folder of a run with snapshots. Throws `unknown-run` for any other name, such as a path. */
function findRunFolder(runs: string, run: string | undefined, flags: Context<RollbackFlags>['flags']): string {
  const availableRuns = listRuns(runs);
  const match = availableRuns.find(([name]) => name === run);
  if (match) return match[0];
  const choices = availableRuns.slice(0, 10).map(([name, orgs]) => `${name} (${orgs.join(', ')})`);
  throw new ToolError(
    'unknown-run',
    {
      what: run === undefined ? 'Choose a run.' : `No run "${run}" to roll back.`,
      why:
        choices.length > 0
          ? `Runs with snapshots, newest first: ${choices.join('; ')}.`
          : `No run in ${runs} changed an org.`,
      fix:
        choices.length > 0
          ? `To see the plan of a rollback: ${extendCommand(rollbackCommand(flags, availableRuns[0]?.[0] ?? ''), '--dry-run')}`
          : 'Specify the folder of the journals with --runs.',
    },
    { exit: EXIT.invalid },
  );
}

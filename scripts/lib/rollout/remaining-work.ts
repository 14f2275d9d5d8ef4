import { basename } from 'node:path';
import { isComplete, type JournaledDeploy, type JournaledOrg, type JournaledRun } from './read-journal';

/** The work that a run has left to do in one org. */
export interface RemainingWork {
  readonly run: JournaledRun;
  readonly org: JournaledOrg;
  /** A deploy job whose result is unknown. */
  readonly deploy?: JournaledDeploy;
  /** Developer names of the chat deployments that may differ from their published settings. */
  readonly publishes: readonly string[];
}

/** A later run of the same org. */
interface LaterOrg {
  readonly run: JournaledRun;
  readonly org: JournaledOrg;
}

/**
 * The remaining work of all runs, in the order of the runs. An org is identified by its org ID. Only a run that knew the earlier
 * run when it planned the org can complete the work of the earlier run: clocks and file times don't count. Work that the earlier
 * run started after that plan remains. A run that another process of this machine is writing leaves nothing.
 */
export function findRemainingWork(runs: readonly JournaledRun[]): readonly RemainingWork[] {
  const orgs = new Map<string, LaterOrg[]>();
  for (const run of runs)
    for (const org of run.orgs) orgs.set(org.orgId, [...(orgs.get(org.orgId) ?? []), { run, org }]);
  return runs.flatMap((run) =>
    run.orgs.flatMap((org) => {
      if (run.isRunning || isComplete(org)) return [];
      const isLater = (other: LaterOrg): boolean => (other.org.seen[basename(run.folder)] ?? -1) >= org.lines;
      return remainingIn(run, org, (orgs.get(org.orgId) ?? []).filter(isLater));
    }),
  );
}

/** Work that a plan of the org doesn't show, because the org may already contain the desired state. */
export const isHidden = ({ deploy, publishes }: RemainingWork): boolean => deploy !== undefined || publishes.length > 0;

function remainingIn(run: JournaledRun, org: JournaledOrg, later: readonly LaterOrg[]): readonly RemainingWork[] {
  // A run submits a deploy job, and reports a change, only after the org has no other running job.
  const isJobOver = later.some((other) => other.org.deploy !== undefined || other.org.status === 'changed');
  const deploy = org.deploy && !org.deploy.settled && !isJobOver ? org.deploy : undefined;
  const published = new Set(later.flatMap((other) => other.org.published));
  const isWritten = org.written || deploy !== undefined;
  const publishes = isWritten ? org.pendingPublishes.filter((name) => !published.has(name)) : [];
  const isReplaced = later.some((other) => isComplete(other.org) && replaces(other.run, run));
  if (isReplaced && deploy === undefined && publishes.length === 0) return [];
  return [{ run, org, publishes, ...(deploy && { deploy }) }];
}

/** Whether a complete run leaves nothing of an earlier run to do. A key rotation doesn't deploy what a deploy left. */
const replaces = (later: JournaledRun, run: JournaledRun): boolean =>
  later.command === run.command || later.command === 'deploy' || later.command === 'rollback';

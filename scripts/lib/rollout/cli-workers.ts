import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Context } from '../cli';
import { ToolError } from '../errors';
import { listOrgFiles } from '../project/orgs-folder';
import { workersFor } from '../sf/capacity';
import { CliWorkerPool } from '../sf/worker-pool';

/** Ends the command after Ctrl+C, without leaving a process or a file. */
async function rejectWhenStopped(untilStopped: Context['untilStopped']): Promise<never> {
  await untilStopped();
  // A run that writes to orgs is stopped by the same signal. Its error comes first, because it names the run.
  await nextTurn();
  throw new ToolError('interrupted', {
    what: 'The command was stopped.',
    why: 'It received a stop signal, or npm ended.',
    fix: 'Run the command again.',
  });
}

/**
 * Runs `use` with CLI workers and stops them when it ends or the command is stopped. A command calls this before it loads its
 * other modules, because both take the same time to load.
 */
export async function withCliWorkers<T>(
  { flags, untilStopped }: Context,
  use: (workers: CliWorkerPool) => Promise<T>,
  home?: string,
): Promise<T> {
  const orgCount = flags.org.length > 0 ? flags.org.length : listOrgFiles(flags.project).length;
  // From here on, a stop signal must not end this process: the workers and their files would remain.
  void untilStopped();
  const workers = new CliWorkerPool({
    size: workersFor(orgCount),
    ...(home !== undefined && { home }),
  });
  try {
    return await Promise.race([use(workers), rejectWhenStopped(untilStopped)]);
  } finally {
    await workers.stop();
  }
}

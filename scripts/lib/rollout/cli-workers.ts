import type { Context } from '../cli';
import { ToolError } from '../errors';
import { countOrgFiles } from '../project/orgs-folder';
import { CliWorkerPool } from '../sf/worker-pool';

/** One host keeps up with a fleet below this size, and a second one costs a second of processor time to load. */
const MIN_ORGS_FOR_TWO_WORKERS = 25;

/** Ctrl+C ends the command here and leaves no process and no file; what Salesforce was given, it goes on with. */
async function rejectWhenStopped(untilStopped: Context['untilStopped']): Promise<never> {
  await untilStopped();
  throw new ToolError('interrupted', {
    what: 'The command was stopped.',
    why: 'It was asked to end. Deployments that were submitted go on in Salesforce; their ids are in .runs.',
    fix: 'Go on with a deploy: npm run deploy -- --resume. Anything else is run again: it reads the orgs and does what is left.',
  });
}

/**
 * Starts the CLI hosts, lends them out, and ends them whatever happens. A command calls this before it loads the rest of
 * itself, because a host takes as long to load as the command does.
 */
export async function withCliWorkers<T>(
  { flags, untilStopped }: Context,
  use: (workers: CliWorkerPool) => Promise<T>,
  home?: string,
): Promise<T> {
  const orgCount = flags.org.length > 0 ? flags.org.length : countOrgFiles(flags.project);
  const hosts = new CliWorkerPool({
    size: orgCount >= MIN_ORGS_FOR_TWO_WORKERS ? 2 : 1,
    ...(home !== undefined && { home }),
  });
  try {
    return await Promise.race([use(hosts), rejectWhenStopped(untilStopped)]);
  } finally {
    await hosts.stop();
  }
}

import type { Context } from '../cli';
import { ToolError } from '../errors';
import { countOrgs } from '../config/folder';
import { HostPool } from '../sf/pool';

/** One host keeps up with a fleet below this size, and a second one costs a second of processor time to load. */
const WORTH_TWO = 25;

/** Ctrl+C ends the command here and leaves no process and no file; what Salesforce was given, it goes on with. */
async function stopped(untilStopped: Context['untilStopped']): Promise<never> {
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
export async function withHosts<T>(
  { flags, untilStopped }: Context,
  use: (hosts: HostPool) => Promise<T>,
  home?: string,
): Promise<T> {
  const orgs = flags.org.length > 0 ? flags.org.length : countOrgs(flags.project);
  const hosts = new HostPool({ size: orgs >= WORTH_TWO ? 2 : 1, ...(home !== undefined && { home }) });
  try {
    return await Promise.race([use(hosts), stopped(untilStopped)]);
  } finally {
    await hosts.stop();
  }
}

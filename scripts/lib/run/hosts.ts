import type { Context } from '../cli';
import { countOrgs } from '../config/folder';
import { HostPool } from '../sf/pool';

/** One host keeps up with a fleet below this size, and a second one costs a second of processor time to load. */
const WORTH_TWO = 25;

/**
 * Starts the CLI hosts, lends them out, and ends them whatever happens. A command calls this before it loads the rest of
 * itself, because a host takes as long to load as the command does.
 */
export async function withHosts<T>({ flags }: Context, use: (hosts: HostPool) => Promise<T>): Promise<T> {
  const orgs = flags.org.length > 0 ? flags.org.length : countOrgs(flags.project);
  const hosts = new HostPool({ size: orgs >= WORTH_TWO ? 2 : 1 });
  try {
    return await use(hosts);
  } finally {
    await hosts.stop();
  }
}

import { HostPool } from '../sf';

/** Starts the CLI hosts, lends them out, and ends them whatever happens. */
export async function withHosts<T>(use: (hosts: HostPool) => Promise<T>): Promise<T> {
  const hosts = new HostPool();
  try {
    return await use(hosts);
  } finally {
    hosts.stop();
  }
}

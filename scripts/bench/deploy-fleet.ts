import { join } from 'node:path';
import { EXIT } from '../lib/errors';
import { startFleet, type BenchFleet } from './fleet';
import { runTimed, type Timing } from './run-timed';

export const ROOT = join(__dirname, '../..');

/** A realistic server time of Salesforce per deploy and retrieve. */
export const REALISTIC_LATENCY = 'deploy=8s,retrieve=3s';
/** The server time of retrieve, deploy and read back of one org in seconds: the lower bound of a deploy. */
export const MIN_SECONDS = 3 + 8 + 3;

/** Times a deploy to a fleet as a separate process. */
export const deployFleet = ({ project, home }: BenchFleet): Promise<Timing> =>
  runTimed(
    process.execPath,
    [
      ...['-r', join(ROOT, '.config/ts-node.cjs')],
      join(ROOT, 'scripts/deploy.ts'),
      '--project',
      project,
      '--all',
      '--json',
    ],
    { cwd: ROOT, env: { ...process.env, HOME: home }, exit: EXIT.done },
  );

/** Starts a fleet of new orgs for `use`, and stops it in any case. */
export async function withFleet<T>(size: number, latency: string, use: (fleet: BenchFleet) => Promise<T>): Promise<T> {
  const fleet = await startFleet(ROOT, size, latency);
  try {
    return await use(fleet);
  } finally {
    await fleet.stop();
  }
}

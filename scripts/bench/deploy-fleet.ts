import { join } from 'node:path';
import { EXIT } from '../lib/errors';
import { startFleet, type BenchFleet } from './fleet';
import { runTimed, type Timing } from './run-timed';

export const ROOT = join(__dirname, '../..');

/** Server time as a quiet Salesforce has it. */
export const REALISTIC_LATENCY = 'deploy=8s,retrieve=3s';
/** Retrieve, deploy and read back of one org at that, in seconds: nobody can be quicker. */
export const MIN_SECONDS = 3 + 8 + 3;

/** Deploys to a fleet as a user does: a process of its own, everything included. */
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

/** Lends out a fleet of fresh orgs and ends it whatever happens. */
export async function withFleet<T>(size: number, latency: string, use: (fleet: BenchFleet) => Promise<T>): Promise<T> {
  const fleet = await startFleet(ROOT, size, latency);
  try {
    return await use(fleet);
  } finally {
    await fleet.stop();
  }
}

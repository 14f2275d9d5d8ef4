import { basename, join, resolve } from 'node:path';
import type { Context } from '../cli';
import { EXIT, ToolError, type ExitCode } from '../errors';
import { desiredBack } from '../fleet';
import { readSealed, runsIn, snapshotPath, snapshotsOf, type SealedOrg } from '../seal';
import { Sf, type HostPool } from '../sf';
import { carryOut, verifyAccept, type CarryOutFlags } from './carry-out';
import { planShown } from './plan-shown';
import type { Prepared } from './prepared';
import { orgOf, selected } from './sealed';

export interface RollbackFlags extends Pick<CarryOutFlags, 'accept' | 'concurrency' | 'runs'> {
  /** The run to take back: the name of its folder. */
  readonly run?: string;
  /** Whether what somebody changed after the run is overwritten. */
  readonly over?: boolean;
}

/**
 * Brings orgs back to what they held before a run: plans the way from the snapshots of the run, asks, applies it, and reads
 * back. Not wave by wave: an org that waits for going back must not wait for another one. It keeps a journal and snapshots of
 * its own, so it can be rolled back, too.
 */
export async function runRollback(context: Context<RollbackFlags>, hosts: HostPool): Promise<ExitCode> {
  verifyAccept(context.flags.accept);
  return carryOut(context, await planBack(context, hosts), { command: 'rollback', atOnce: true });
}

async function planBack(context: Context<RollbackFlags>, hosts: HostPool): Promise<Prepared> {
  const { flags } = context;
  const runs = resolve(flags.project, flags.runs ?? '.runs');
  const run = join(runs, folderOf(runs, flags.run));
  const snapshots = snapshotsOf(run).map((alias) => readSealed(snapshotPath(run, alias), 'snapshot'));
  const { orgs } = selected({ orgs: snapshots.flatMap((each) => each.orgs), without: [] }, flags);
  const apiVersion = snapshots[0]?.apiVersion ?? '';
  const sf = new Sf(hosts, apiVersion);
  const back = (each: SealedOrg): ReturnType<typeof desiredBack> =>
    desiredBack({ org: orgOf(each) }, each.way, flags.over === true);
  const told = `Going back to before ${basename(run)}; reading`;
  const fleet = await planShown(context, sf, orgs.map(back), { apiVersion, concurrency: flags.concurrency }, told);
  return { sf, apiVersion, from: 'snapshots', valid: true, fleet, findings: [] };
}

/** The folder of a run that has snapshots. A name that leads elsewhere is none of them. */
function folderOf(runs: string, run: string | undefined): string {
  const known = runsIn(runs);
  const found = known.find(([name]) => name === run);
  if (found) return found[0];
  const listed = known.slice(0, 10).map(([name, orgs]) => `${name} (${orgs.join(', ')})`);
  throw new ToolError(
    'unknown-run',
    {
      what: run === undefined ? 'Which run to take back is not said.' : `There is no run "${run}" to take back.`,
      why:
        listed.length > 0
          ? `Of these there are snapshots, the last one first: ${listed.join('; ')}.`
          : `No run in ${runs} has changed an org.`,
      fix: 'Name one with --run. Each deploy that changes an org makes one, in the folder that --runs names.',
    },
    { exit: EXIT.invalid },
  );
}

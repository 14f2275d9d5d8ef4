import { basename, join, resolve } from 'node:path';
import type { Context } from '../cli';
import { EXIT, ToolError, type ExitCode } from '../errors';
import { desiredBack, type Planning } from '../fleet';
import { lastSince } from '../journal';
import { readSealed, runsIn, snapshotPath, snapshotsOf, type SealedOrg } from '../seal';
import { Sf, type HostPool } from '../sf';
import { carryOut, verifyAccept, type CarryOutFlags } from './carry-out';
import { patienceOf } from './patience';
import { planShown } from './plan-shown';
import type { Prepared } from './prepared';
import { recorderOf } from './recorder';
import { settling, type Resumed } from './resume';
import { orgOf, selected } from './sealed';

export interface RollbackFlags extends Pick<CarryOutFlags, 'accept' | 'concurrency' | 'runs' | 'wait' | 'settle'> {
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
  const { accept, project, runs = '.runs', run } = context.flags;
  verifyAccept(accept);
  const patience = patienceOf(context.flags);
  const folder = resolve(project, runs);
  const taken = join(folder, folderOf(folder, run));
  const recorder = recorderOf(context, undefined);
  const past = pastOf(folder, taken);
  const before = settling(past, patience, recorder.step);
  const prepared = await planBack(context, hosts, taken, before);
  return carryOut(context, prepared, { command: 'rollback', atOnce: true, recorder, past });
}

/**
 * What is known of the orgs since the run: a deployment that nobody saw the end of is looked after before an org is read, and
 * what a rollback that broke off did not publish is published. What was accepted then is asked again.
 */
function pastOf(runs: string, taken: string): Resumed {
  const last = [...lastSince(runs, basename(taken)).values()];
  const back = lastSince(runs, basename(taken), 'rollback');
  const orgs = last.map((org) => ({ ...org, changes: [], unpublished: back.get(org.alias)?.unpublished ?? [] }));
  return { folder: taken, orgs };
}

async function planBack(
  context: Context<RollbackFlags>,
  hosts: HostPool,
  run: string,
  before: Planning['before'],
): Promise<Prepared> {
  const { flags } = context;
  const snapshots = snapshotsOf(run).map((alias) => readSealed(snapshotPath(run, alias), 'snapshot'));
  const { orgs } = selected({ orgs: snapshots.flatMap((each) => each.orgs), without: [] }, flags);
  const apiVersion = snapshots[0]?.apiVersion ?? '';
  const sf = new Sf(hosts, apiVersion);
  const back = (each: SealedOrg): ReturnType<typeof desiredBack> =>
    desiredBack({ org: orgOf(each) }, each.way, flags.over === true);
  const told = `Going back to before ${basename(run)}; reading`;
  const planning = { apiVersion, concurrency: flags.concurrency, before };
  const fleet = await planShown(context, sf, orgs.map(back), planning, told);
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
      fix: `Look at one: npm run rollback -- --run ${known[0]?.[0] ?? '<run>'}. Each deploy that changes an org makes one, in the folder that --runs names.`,
    },
    { exit: EXIT.invalid },
  );
}

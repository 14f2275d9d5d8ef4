import { basename } from 'node:path';
import { writeReports, type Context } from '../cli';
import { EXIT, ToolError, type ExitCode } from '../errors';
import type { Planning } from '../fleet';
import type { HostPool } from '../sf';
import { carryOut, verifyAccept, type CarryOutFlags } from './carry-out';
import { patienceOf } from './patience';
import { planProject } from './plan-project';
import { proverOf, type Prover } from './prove';
import { recorderOf } from './recorder';
import { resumed, settling, unpublishedBefore, type Resumed, type ResumeFlags } from './resume';
import { planSealed } from './sealed';

export interface DeployFlags extends CarryOutFlags, ResumeFlags {
  /** A sealed plan to apply instead of a new one. */
  readonly plan?: string;
  /** How old that may be, such as `24h`. */
  readonly maxAge?: string;
  /** Whether each org is proven before the next wave. */
  readonly verify?: boolean;
}

/**
 * Brings every org to what source and configuration state, or to what a sealed plan says: asks, applies wave by wave, and
 * reads back. A run that is gone on with first finds out what became of its deployments.
 */
export async function runDeploy(context: Context<DeployFlags>, hosts: HostPool): Promise<ExitCode> {
  const { accept, plan, maxAge, concurrency } = context.flags;
  verifyAccept(accept);
  const prover = proverFor(context.flags);
  const patience = patienceOf(context.flags);
  const past = resumed(context, 'deploy');
  const before = past ? undefined : unpublishedBefore(context, 'deploy');
  if (before !== undefined) context.progress(before);
  if (past?.orgs.length === 0) return nothingLeft(context, past);
  const recorder = recorderOf(context, past);
  const planning: Partial<Planning> = { concurrency, before: past && settling(past, patience, recorder.step) };
  const selected = past ? onlyOf(context, past) : context;
  const prepared =
    plan === undefined
      ? await planProject(selected, hosts, 'in full', planning)
      : await planSealed(selected, hosts, plan, maxAge, planning);
  return carryOut(selected, prepared, { command: 'deploy', recorder, past, ...(prover && { prover }) });
}

function proverFor(flags: DeployFlags): Prover | undefined {
  if (flags.verify === true) return proverOf(flags);
  const { tokenCommand, privateKey, require: parts = [] } = flags;
  if (tokenCommand === undefined && privateKey === undefined && parts.length === 0) return undefined;
  const explanation = {
    what: 'A flag is missing.',
    why: '--token-command, --private-key and --require say how to verify, and nothing was to be verified.',
    fix: 'Add --verify.',
  };
  throw new ToolError('bad-flag', explanation, { exit: EXIT.invalid });
}

const onlyOf = (context: Context<DeployFlags>, { orgs }: Resumed): Context<DeployFlags> => ({
  ...context,
  flags: { ...context.flags, org: orgs.map(({ alias }) => alias) },
});

function nothingLeft(context: Context, { folder }: Resumed): Promise<ExitCode> {
  context.show(`Nothing is left to do of the run ${basename(folder)}.`);
  return writeReports(context, { command: 'deploy', exitCode: EXIT.done, findings: [], orgs: [] });
}

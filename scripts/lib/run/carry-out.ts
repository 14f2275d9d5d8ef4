import { resolve } from 'node:path';
import { writeReports, type Context } from '../cli';
import { EXIT, ToolError, type ExitCode } from '../errors';
import { deployFleet, disruptiveOrgs, outcomeOf, type Planned, type Rollout } from '../fleet';
import { isDisruptive, type Fault, type Outcome } from '../model';
import { openJournal, type Journal } from '../org';
import { impactText, LEGEND, proofText, resultsText } from '../report';
import { exitOf } from './exit';
import { holdingsOf } from './holdings';
import type { Prepared } from './prepared';
import type { ProofFlags } from './proof-flags';
import { gateOf, type Prover } from './prove';
import { keepIn } from './snapshots';

/** What the commands that change orgs have in common. */
export interface CarryOutFlags extends ProofFlags {
  /** Impacts that need no asking; `disruptive` is the only one. */
  readonly accept?: readonly string[];
  /** Orgs at once inside a wave. */
  readonly concurrency: number;
  /** Whether deployments are published even where nothing changed. */
  readonly publish?: boolean;
  /** Where journals are kept, relative to the project; `.runs` unless stated. */
  readonly runs?: string;
  /** Whether an org that was changed and does not come through is brought back at once. */
  readonly rollbackOnFailure?: boolean;
}

/** How a command carries its plans out. */
export interface Manner {
  readonly command: 'deploy' | 'rollback';
  /** Whether no wave waits for another one. */
  readonly atOnce?: boolean;
  /** Proves each org before the next wave. */
  readonly prover?: Prover;
}

/** Shows what customers will notice, asks, applies the plans of a fleet, and tells how each org came out. */
export async function carryOut(context: Context<CarryOutFlags>, prepared: Prepared, manner: Manner): Promise<ExitCode> {
  const { valid, fleet } = prepared;
  if (!valid) return finish(context, prepared, manner, [], EXIT.invalid);
  const orgs = fleet.map(({ outcome }) => outcome);
  if (orgs.some(({ changes }) => changes.length > 0)) context.show(`${impactText(context.page, orgs)}\n\n${LEGEND}\n`);
  const prove = manner.prover && gateOf(manner.prover, prepared.sf, context.flags.verifyWait);
  const accepted = await isAccepted(context, fleet, manner);
  const outcomes = accepted
    ? await roll(context, prepared, manner, prove)
    : fleet.map((each) => held(each, context.interactive, manner));
  const exit = accepted ? exitOf(outcomes) : EXIT.failed;
  return finish(context, prepared, manner, outcomes, exit);
}

/** Applies the plans of a fleet and keeps the journal of it; nobody is asked any more. */
export async function roll(
  context: Context<CarryOutFlags>,
  { sf, fleet, apiVersion }: Prepared,
  { atOnce = false }: Manner,
  prove?: Rollout['prove'],
): Promise<readonly Outcome[]> {
  const { concurrency, publish, rollbackOnFailure, project, runs = '.runs' } = context.flags;
  const journal = openJournal(resolve(project, runs), context.now);
  return deployFleet(sf, fleet, {
    ...{ apiVersion, concurrency, atOnce },
    publishAll: publish === true,
    rollBack: rollbackOnFailure === true,
    ...(prove && { prove }),
    keep: keepIn(journal.folder, apiVersion, context.now),
    progress: (org, step, detail) => record(context, journal, org, step, detail),
    done: ({ alias, outcome }) => record(context, journal, alias, outcome),
  });
}

function record({ progress }: Context, journal: Journal, org: string, step: string, detail?: string): void {
  journal.write({ org, step, ...(detail !== undefined && { detail }) });
  progress(`  ${org}: ${step}${detail === undefined ? '' : ` ${detail}`}`);
}

const VERBS = { deploy: 'Deploy?', rollback: 'Roll back?' } as const;

/** Asks before changes that disturb customers; without a person to ask, the flag decides. */
async function isAccepted(
  { flags, interactive, confirm }: Context<CarryOutFlags>,
  fleet: readonly Planned[],
  { command }: Manner,
): Promise<boolean> {
  const disruptive = disruptiveOrgs(fleet);
  if (disruptive.length === 0 || flags.accept?.includes('disruptive')) return true;
  if (!interactive) return false;
  const orgs = disruptive.map(({ desired }) => desired.org.alias).join(', ');
  return confirm(`${orgs}: customers will be disturbed as shown above. ${VERBS[command]}`);
}

const notAccepted = (interactive: boolean, { command }: Manner): Fault => ({
  code: 'not-accepted',
  what: 'Nothing was written: the plan has changes that disturb customers, and nobody accepted them.',
  why: interactive ? 'The answer was no.' : 'Without a terminal there is nobody to ask.',
  fix: `Look at the plan, then ${command === 'deploy' ? 'deploy' : 'roll back'} with --accept disruptive.`,
});

const withOthers = ({ command }: Manner): Fault => ({
  code: 'not-accepted',
  what: 'Nothing was written here either.',
  why: `Another org of this ${command} has changes that disturb customers, and nobody accepted them.`,
  fix: `Name this org by itself with --org, or accept the changes of the other one.`,
});

function held({ desired, outcome, plan }: Planned, interactive: boolean, manner: Manner): Outcome {
  if (!plan || plan.changes.length === 0) return outcome;
  const rest = { changes: plan.changes, checks: outcome.checks };
  const error = plan.changes.some(isDisruptive) ? notAccepted(interactive, manner) : withOthers(manner);
  return { ...outcomeOf(desired, 'skipped', rest), error };
}

function finish(
  context: Context,
  { findings, fleet }: Prepared,
  { command, prover }: Manner,
  orgs: readonly Outcome[],
  exitCode: ExitCode,
): Promise<ExitCode> {
  const { page, now, show } = context;
  if (orgs.length > 0) show(resultsText(page, orgs));
  if (orgs.length > 0 && prover) show(`\n${proofText(page, orgs)}`);
  return writeReports(context, { command, exitCode, findings, orgs }, () => holdingsOf(fleet, now, orgs));
}

/** Throws `bad-flag` for an impact that nobody is asked for. */
export function verifyAccept(accept: readonly string[] = []): void {
  const unknown = accept.find((impact) => impact !== 'disruptive');
  if (unknown === undefined) return;
  const explanation = {
    what: `--accept ${unknown} is not known.`,
    why: 'Only disruptive changes are asked for.',
    fix: 'Use --accept disruptive.',
  };
  throw new ToolError('bad-flag', explanation, { exit: EXIT.invalid });
}

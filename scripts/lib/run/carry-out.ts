import { follow, writeReports, type Context } from '../cli';
import { EXIT, ToolError, type ExitCode } from '../errors';
import { deployFleet, disruptiveOrgs, outcomeOf, type Planned, type Rollout } from '../fleet';
import { isDisruptive, type Fault, type Outcome } from '../model';
import { impactText, LEGEND, proofText, resultsText } from '../report';
import { keepIn } from '../seal';
import { exitOf } from './exit';
import { holdingsOf } from './holdings';
import { patienceOf, spanFlag, type PatienceFlags } from './patience';
import type { Prepared } from './prepared';
import type { ProofFlags } from './proof-flags';
import { gateOf, type Prover } from './prove';
import { fingerprintOf, plannedOrgs, recorderOf, type Recorder } from './recorder';
import type { Resumed } from './resume';

/** What the commands that change orgs have in common. */
export interface CarryOutFlags extends PatienceFlags, ProofFlags {
  /** Impacts that need no asking; `disruptive` is the only one. */
  readonly accept?: readonly string[];
  /** Orgs at once inside a wave. */
  readonly concurrency: number;
  /** Whether deployments are published even where nothing changed. */
  readonly publish?: boolean;
  /** Where journals are kept, relative to the project; `.runs` unless stated. */
  readonly runs?: string;
  /** How many orgs may fail before the waves after them are skipped. */
  readonly maxFailures?: number;
  /** The time between two waves, such as `10m`. */
  readonly pauseBetween?: string;
  /** Whether an org that was changed and does not come through is brought back at once. */
  readonly rollbackOnFailure?: boolean;
}

/** How a command carries its plans out. */
export interface Manner {
  readonly command: keyof typeof VERBS;
  /** Whether no wave waits for another one. */
  readonly atOnce?: boolean;
  /** Proves each org before the next wave. */
  readonly prover?: Prover;
  /** Writes the journal; left out, one of its own. */
  readonly recorder?: Recorder;
  /** The run that is gone on with. */
  readonly past?: Resumed | undefined;
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
  { sf, fleet, apiVersion, from, sealed }: Prepared,
  { command, atOnce = false, recorder = recorderOf(context, undefined), past }: Manner,
  prove?: Rollout['prove'],
): Promise<readonly Outcome[]> {
  const { concurrency, publish, rollbackOnFailure, maxFailures = 0, pauseBetween } = context.flags;
  const wish = { publishAll: publish === true, unpublished: unpublishedIn(past) };
  recorder.journal.begin({ command, from, ...(sealed !== undefined && { sealed }), orgs: plannedOrgs(fleet, wish) });
  const rollout: Rollout = {
    ...{ apiVersion, concurrency, atOnce, maxFailures, ...wish },
    pauseBetween: spanFlag('--pause-between', pauseBetween, 0),
    patience: patienceOf(context.flags),
    rollBack: rollbackOnFailure === true,
    ...(prove && { prove }),
    keep: keepIn(recorder.journal.folder, apiVersion, context.now),
    progress: recorder.step,
    done: ({ alias, outcome }) => recorder.outcome(alias, outcome),
  };
  const orgs = fleet.map(({ desired }) => desired.org);
  return follow(context, { verb: DOING[command], orgs, atOnce }, () => deployFleet(sf, fleet, rollout));
}

const DOING = { deploy: 'Deploying', rollback: 'Rolling back', refresh: 'Refreshing' } as const;

const unpublishedIn = (past: Resumed | undefined): ReadonlyMap<string, readonly string[]> =>
  new Map((past?.orgs ?? []).map(({ alias, unpublished }) => [alias, unpublished]));

const VERBS = { deploy: 'Deploy?', rollback: 'Roll back?', refresh: 'Refresh?' } as const;

/** Asks before changes that disturb customers; without a person to ask, the flag decides. */
async function isAccepted(
  { flags, interactive, confirm }: Context<CarryOutFlags>,
  fleet: readonly Planned[],
  { command, past }: Manner,
): Promise<boolean> {
  const disruptive = disruptiveOrgs(fleet).filter((planned) => !wasAccepted(planned, past));
  if (disruptive.length === 0 || flags.accept?.includes('disruptive')) return true;
  if (!interactive) return false;
  const orgs = disruptive.map(({ desired }) => desired.org.alias).join(', ');
  return confirm(`${orgs}: customers will be disturbed as shown above. ${VERBS[command]}`);
}

/** A run has a journal only after its plan was accepted, so what is left of the plan needs no asking when it is gone on with. */
function wasAccepted({ desired, outcome }: Planned, past: Resumed | undefined): boolean {
  const accepted = past?.orgs.find(({ alias }) => alias === desired.org.alias)?.changes ?? [];
  return outcome.changes.filter(isDisruptive).every((change) => accepted.includes(fingerprintOf(change)));
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

/** The one word that a command takes as consent, and why there is no other. */
interface Accepted {
  readonly word: string;
  readonly why: string;
}

const DISRUPTIVE: Accepted = { word: 'disruptive', why: 'Only disruptive changes are asked for.' };

/** Throws `bad-flag` for something that nobody is asked about. */
export function verifyAccept(accept: readonly string[] = [], { word, why }: Accepted = DISRUPTIVE): void {
  const unknown = accept.find((each) => each !== word);
  if (unknown === undefined) return;
  const explanation = { what: `--accept ${unknown} is not known.`, why, fix: `Use --accept ${word}.` };
  throw new ToolError('bad-flag', explanation, { exit: EXIT.invalid });
}

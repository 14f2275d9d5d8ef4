import { basename } from 'node:path';
import { trackProgress, writeReports, type Context } from '../cli';
import { EXIT, type ExitCode, invalidFlagError } from '../errors';
import { type RolloutOptions } from './rollout-options';
import { type PlannedOrg } from './plan-fleet';
import { orgResult } from './org-result';
import { deployFleet, disruptiveOrgs } from './deploy-fleet';
import { isDisruptive, type ErrorDetails, type OrgResult } from '../model';
import { impactText, legendText, runResultsText, verificationText, type RunSummary } from '../report';
import { snapshotWriter } from '../plan';
import { exitCodeOf } from './exit-code';
import { orgSettings } from './org-settings';
import { timeoutsFrom, durationFlag, type TimeoutFlags } from './timeouts';
import type { PlannedFleet } from './planned-fleet';
import type { VerifyFlags } from '../verification/verify-flags';
import { waveGate, type OrgVerifier } from './org-verifier';
import { changeFingerprint, journalPlanEntries, createRecorder, type Recorder } from './recorder';
import type { ResumableRun } from './resume';

/** What the commands that change orgs have in common. */
export interface ExecuteFlags extends TimeoutFlags, VerifyFlags {
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
  readonly waveDelay?: string;
  /** Whether an org that was changed and does not come through is brought back at once. */
  readonly rollbackOnFailure?: boolean;
}

/** How a command carries its plans out. */
export interface ExecuteOptions {
  readonly command: keyof typeof CONFIRM_PROMPTS;
  /** Whether no wave waits for another one. */
  readonly ignoreWaves?: boolean;
  /** Proves each org before the next wave. */
  readonly verifier?: OrgVerifier;
  /** Milliseconds that this waits for a publication to arrive. */
  readonly publishTimeout?: number;
  /** Writes the journal; left out, one of its own. */
  readonly recorder?: Recorder;
  /** The run that is gone on with. */
  readonly previousRun?: ResumableRun | undefined;
  /** The command that resumes the run, for the user to copy. */
  readonly resumeCommand?: string;
}

/** Shows what customers will notice, asks, applies the plans of a fleet, and tells how each org came out. */
export async function executePlans(
  context: Context<ExecuteFlags>,
  plannedFleet: PlannedFleet,
  options: ExecuteOptions,
): Promise<ExitCode> {
  const { valid, fleet } = plannedFleet;
  if (!valid) return reportResults(context, plannedFleet, options, [], EXIT.invalid, false);
  const orgs = fleet.map(({ result }) => result);
  if (orgs.some(({ changes }) => changes.length > 0))
    context.print(`${impactText(context.layout, orgs)}\n\n${legendText(context.layout)}\n`);
  const verify = options.verifier && waveGate(options.verifier, plannedFleet.sf, options.publishTimeout);
  const accepted = await isAccepted(context, fleet, options);
  const outcomes = accepted
    ? await applyWaves(context, plannedFleet, options, verify)
    : fleet.map((each) => skippedResult(each, context.interactive, options));
  const exit = accepted ? exitCodeOf(outcomes) : EXIT.failed;
  return reportResults(context, plannedFleet, options, outcomes, exit, accepted);
}

/** Applies the plans of a fleet and keeps the journal of it; nobody is asked any more. */
export async function applyWaves(
  context: Context<ExecuteFlags>,
  { sf, fleet, apiVersion, from, sealed }: PlannedFleet,
  { command, ignoreWaves = false, recorder = createRecorder(context, undefined), previousRun }: ExecuteOptions,
  verify?: RolloutOptions['verify'],
): Promise<readonly OrgResult[]> {
  const { concurrency, publish, rollbackOnFailure, maxFailures = 0, waveDelay } = context.flags;
  const publishOptions = { publishAll: publish === true, pendingPublishes: pendingPublishes(previousRun) };
  recorder.journal.begin({
    command,
    from,
    ...(sealed !== undefined && { sealed }),
    orgs: journalPlanEntries(fleet, publishOptions),
  });
  const rollout: RolloutOptions = {
    ...{ apiVersion, concurrency, ignoreWaves, maxFailures, ...publishOptions },
    waveDelay: durationFlag('--wave-delay', waveDelay, 0),
    timeouts: timeoutsFrom(context.flags),
    rollBackOnFailure: rollbackOnFailure === true,
    ...(verify && { verify }),
    saveSnapshot: snapshotWriter(recorder.journal.folder, apiVersion, context.now),
    onStep: recorder.recordStep,
    onResult: ({ alias, status }) => recorder.recordResult(alias, status),
  };
  const orgs = fleet.map(({ desired }) => desired.org);
  return trackProgress(context, { activity: PROGRESS_LABELS[command], orgs, ignoreWaves }, () =>
    deployFleet(sf, fleet, rollout),
  );
}

const PROGRESS_LABELS = { deploy: 'Deploying', rollback: 'Rolling back', 'post-refresh': 'Restoring' } as const;

const pendingPublishes = (previousRun: ResumableRun | undefined): ReadonlyMap<string, readonly string[]> =>
  new Map((previousRun?.orgs ?? []).map((org) => [org.alias, org.pendingPublishes]));

const CONFIRM_PROMPTS = { deploy: 'Deploy?', rollback: 'Roll back?', 'post-refresh': 'Restore?' } as const;

/** Asks before changes that disturb customers; without a person to ask, the flag decides. */
async function isAccepted(
  { flags, interactive, confirm }: Context<ExecuteFlags>,
  fleet: readonly PlannedOrg[],
  { command, previousRun }: ExecuteOptions,
): Promise<boolean> {
  const disruptive = disruptiveOrgs(fleet).filter((planned) => !isAlreadyAccepted(planned, previousRun));
  if (disruptive.length === 0 || flags.accept?.includes('disruptive')) return true;
  if (!interactive) return false;
  const orgs = disruptive.map(({ desired }) => desired.org.alias).join(', ');
  return confirm(`${orgs}: customers will be disturbed as shown above. ${CONFIRM_PROMPTS[command]}`);
}

/** A run has a journal only after its plan was accepted, so what is left of the plan needs no asking when it is gone on with. */
function isAlreadyAccepted({ desired, result }: PlannedOrg, previousRun: ResumableRun | undefined): boolean {
  const accepted = previousRun?.orgs.find(({ alias }) => alias === desired.org.alias)?.changes ?? [];
  return result.changes.filter(isDisruptive).every((change) => accepted.includes(changeFingerprint(change)));
}

const notAcceptedDetails = (interactive: boolean, { command }: ExecuteOptions): ErrorDetails => ({
  code: 'not-accepted',
  what: 'Nothing was written: the plan has changes that disturb customers, and nobody accepted them.',
  why: interactive ? 'The answer was no.' : 'Without a terminal there is nobody to ask.',
  fix: `Look at the plan, then ${command === 'deploy' ? 'deploy' : 'roll back'} with --accept disruptive.`,
});

const skippedWithOthers = ({ command }: ExecuteOptions): ErrorDetails => ({
  code: 'not-accepted',
  what: 'Nothing was written here either.',
  why: `Another org of this ${command} has changes that disturb customers, and nobody accepted them.`,
  fix: `Name this org by itself with --org, or accept the changes of the other one.`,
});

function skippedResult(
  { desired, result, plan }: PlannedOrg,
  interactive: boolean,
  options: ExecuteOptions,
): OrgResult {
  if (!plan || plan.changes.length === 0) return result;
  const details = { changes: plan.changes, checks: result.checks };
  const error = plan.changes.some(isDisruptive) ? notAcceptedDetails(interactive, options) : skippedWithOthers(options);
  return { ...orgResult(desired, 'skipped', details), error };
}

function reportResults(
  context: Context,
  { findings, fleet }: PlannedFleet,
  options: ExecuteOptions,
  orgs: readonly OrgResult[],
  exitCode: ExitCode,
  started: boolean,
): Promise<ExitCode> {
  const { layout, now, print } = context;
  if (orgs.length > 0 && options.verifier) print(`${verificationText(layout, orgs)}\n`);
  if (orgs.length > 0) print(runResultsText(layout, orgs, runSummary(options, started)));
  return writeReports(context, { command: options.command, exitCode, findings, orgs }, () =>
    orgSettings(fleet, now, orgs),
  );
}

const TITLES = { deploy: 'Deploy', rollback: 'Rollback', 'post-refresh': 'Post-refresh' } as const;

function runSummary({ command, recorder, resumeCommand }: ExecuteOptions, started: boolean): RunSummary {
  const title = TITLES[command];
  if (!recorder || !started) return { title };
  const runId = basename(recorder.journal.folder);
  return {
    ...{ title, runId, rollback: `npm run rollback -- --run ${runId}` },
    ...(resumeCommand !== undefined && { resume: resumeCommand }),
  };
}

/** The one word that a command takes as consent, and why there is no other. */
interface AcceptOption {
  readonly value: string;
  readonly why: string;
}

const ACCEPT_DISRUPTIVE: AcceptOption = { value: 'disruptive', why: 'Only disruptive changes are asked for.' };

/** Throws `bad-flag` for something that nobody is asked about. */
export function assertAcceptFlag(
  accept: readonly string[] = [],
  { value, why }: AcceptOption = ACCEPT_DISRUPTIVE,
): void {
  const unknown = accept.find((each) => each !== value);
  if (unknown === undefined) return;
  throw invalidFlagError(`--accept ${unknown} is not known.`, why, `Use --accept ${value}.`);
}

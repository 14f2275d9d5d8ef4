import { basename } from 'node:path';
import { trackProgress, writeReports, type Context } from '../cli';
import { EXIT, invalidFlagError, type ExitCode } from '../errors';
import { type RolloutOptions } from './rollout-options';
import { type PlannedOrg } from './plan-fleet';
import { orgResult } from './org-result';
import { deployFleet } from './deploy-fleet';
import { isDisruptive, type Change, type ErrorDetails, type OrgResult } from '../model';
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

/** Flags that the commands that change orgs have in common. */
export interface ExecuteFlags extends TimeoutFlags, VerifyFlags {
  /** Values of --accept: what needs no confirmation. */
  readonly accept?: readonly string[];
  /** The maximum number of orgs in flight within a wave. */
  readonly concurrency: number;
  /** Whether chat deployments are published even if nothing changes. */
  readonly publish?: boolean;
  /** The folder of run journals, relative to the project. Default: `.runs`. */
  readonly runs?: string;
  /** How many orgs may fail before the later waves are skipped. */
  readonly maxFailures?: number;
  /** The time between two waves, such as `10m`. */
  readonly waveDelay?: string;
  /** Whether an org that was changed and then fails is rolled back at once. */
  readonly rollbackOnFailure?: boolean;
}

/** How a command applies its plans. */
export interface ExecuteOptions {
  readonly command: ChangingCommand;
  /** The command that continues this run after a failure. */
  readonly resumeCommand: string;
  /** Whether all orgs are one wave. */
  readonly ignoreWaves?: boolean;
  /** Whether the last wave goes first. */
  readonly lastWaveFirst?: boolean;
  /** Verifies each org before the next wave. */
  readonly verifier?: OrgVerifier;
  /** Milliseconds that the verifier waits until a publication takes effect. */
  readonly publishTimeout?: number;
  /** Writes the journal. Default: a new journal. */
  readonly recorder?: Recorder;
  /** The run that is resumed. */
  readonly previousRun?: ResumableRun | undefined;
}

/** The commands that change orgs, by the name that their journals have. */
const COMMANDS = {
  deploy: { title: 'Deploy', activity: 'Deploying', prompt: 'Deploy anyway?' },
  rollback: { title: 'Rollback', activity: 'Rolling back', prompt: 'Roll back anyway?' },
  'post-refresh': { title: 'Post-refresh', activity: 'Restoring', prompt: 'Restore anyway?' },
  'keys rotate stage': { title: 'Staging', activity: 'Staging', prompt: 'Stage the new key anyway?' },
  'keys rotate retire': { title: 'Retirement', activity: 'Retiring', prompt: 'Retire the old key anyway?' },
  'keys rotate delete': { title: 'Deletion', activity: 'Deleting', prompt: 'Delete the old key anyway?' },
} as const;
export type ChangingCommand = keyof typeof COMMANDS;

/** Shows what customers may notice, asks for confirmation, applies the plans of a fleet, and reports the result of each org. */
export async function executePlans(
  context: Context<ExecuteFlags>,
  plannedFleet: PlannedFleet,
  options: ExecuteOptions,
): Promise<ExitCode> {
  const { valid, fleet } = plannedFleet;
  if (!valid) return reportResults(context, plannedFleet, options, [], { exitCode: EXIT.invalid, started: false });
  const orgs = fleet.map(({ result }) => result);
  if (orgs.some(({ changes }) => changes.length > 0))
    context.print(`${impactText(context.layout, orgs)}\n\n${legendText(context.layout)}\n`);
  const verify = options.verifier && waveGate(options.verifier, plannedFleet.sf, options.publishTimeout);
  const confirmation = confirmDisruptive(fleet, options);
  const confirmed = await isConfirmed(context, confirmation);
  const results = confirmed
    ? await applyWaves(context, plannedFleet, options, verify)
    : fleet.map((each) => skippedResult(each, notAcceptedDetails(context, confirmation)));
  const exitCode = confirmed ? exitCodeOf(results) : EXIT.failed;
  return reportResults(context, plannedFleet, options, results, { exitCode, started: confirmed });
}

/** Applies the plans of a fleet without asking, and writes the journal and snapshots of the run. */
export async function applyWaves(
  context: Context<ExecuteFlags>,
  { sf, fleet, apiVersion, from, sealed }: PlannedFleet,
  options: ExecuteOptions,
  verify?: RolloutOptions['verify'],
): Promise<readonly OrgResult[]> {
  const { command, recorder = createRecorder(context, undefined), previousRun, ignoreWaves = false } = options;
  const { concurrency, publish, rollbackOnFailure, maxFailures = 0, waveDelay } = context.flags;
  const publishOptions = { publishAll: publish === true, pendingPublishes: pendingPublishes(previousRun) };
  recorder.journal.begin({
    command,
    from,
    ...(sealed !== undefined && { sealed }),
    orgs: journalPlanEntries(fleet, publishOptions),
  });
  const rollout: RolloutOptions = {
    ...{ apiVersion, concurrency, maxFailures, ...publishOptions },
    ...{ ignoreWaves, lastWaveFirst: options.lastWaveFirst === true, resumeCommand: options.resumeCommand },
    waveDelay: durationFlag('--wave-delay', waveDelay, 0),
    timeouts: timeoutsFrom(context.flags),
    rollBackOnFailure: rollbackOnFailure === true,
    ...(verify && { verify }),
    saveSnapshot: snapshotWriter(recorder.journal.folder, apiVersion, context.now),
    onStep: recorder.recordStep,
    onResult: ({ alias, status }) => recorder.recordResult(alias, status),
  };
  const orgs = fleet.map(({ desired }) => desired.org);
  return trackProgress(context, { activity: COMMANDS[command].activity, orgs, ignoreWaves }, () =>
    deployFleet(sf, fleet, rollout),
  );
}

const pendingPublishes = (previousRun: ResumableRun | undefined): ReadonlyMap<string, readonly string[]> =>
  new Map((previousRun?.orgs ?? []).map((org) => [org.alias, org.pendingPublishes]));

/** What has to be confirmed before plans are applied. */
export interface Confirmation {
  /** The value of --accept that confirms it. */
  readonly accept: string;
  /** Asks a person; undefined if nothing has to be confirmed. */
  readonly question?: string;
  /** What to report if it isn't confirmed. */
  readonly rejected: Pick<ErrorDetails, 'what' | 'fix'>;
}

/** Changes that have to be confirmed unless told otherwise: disruptive ones that the resumed run didn't have confirmed. */
interface DisruptiveOptions extends Pick<ExecuteOptions, 'command' | 'previousRun'> {
  readonly needsConsent?: (change: Change) => boolean;
}

/** The confirmation of the disruptive changes of a fleet. */
export function confirmDisruptive(
  fleet: readonly PlannedOrg[],
  { command, previousRun, needsConsent = isDisruptive }: DisruptiveOptions,
): Confirmation {
  const orgs = fleet.filter(
    (planned) => planned.plan?.changes.some(needsConsent) && !isAlreadyAccepted(planned, previousRun),
  );
  const aliases = orgs.map(({ desired }) => desired.org.alias).join(', ');
  const verb = orgs.length === 1 ? 'has' : 'have';
  return {
    accept: 'disruptive',
    ...(orgs.length > 0 && {
      question: `${aliases} ${verb} disruptive changes (listed above). ${COMMANDS[command].prompt}`,
    }),
    rejected: {
      what: "Nothing was changed: the plan has disruptive changes that weren't accepted.",
      fix: 'Review the plan, then run the command with --accept disruptive.',
    },
  };
}

/** A journal begins only after the plan was accepted, so the accepted rest of a resumed run needs no second confirmation. */
function isAlreadyAccepted({ desired, result }: PlannedOrg, previousRun: ResumableRun | undefined): boolean {
  const accepted = previousRun?.orgs.find(({ alias }) => alias === desired.org.alias)?.changes ?? [];
  return result.changes.filter(isDisruptive).every((change) => accepted.includes(changeFingerprint(change)));
}

/** Whether plans may be applied: nothing has to be confirmed, --accept confirms it, or a person does. Without a terminal, only the flag counts. */
export async function isConfirmed(
  { flags, interactive, confirm }: Context<Pick<ExecuteFlags, 'accept'>>,
  { accept, question }: Confirmation,
): Promise<boolean> {
  if (question === undefined || flags.accept?.includes(accept)) return true;
  return interactive && confirm(question);
}

export const notAcceptedDetails = (
  { interactive }: Pick<Context, 'interactive'>,
  { rejected }: Confirmation,
): ErrorDetails => ({
  code: 'not-accepted',
  ...rejected,
  why: interactive ? 'The answer was no.' : "The terminal isn't interactive, so the command can't ask.",
});

const SKIPPED_WITH_OTHERS: ErrorDetails = {
  code: 'not-accepted',
  what: 'Nothing was changed in this org either.',
  why: "Another org of this run has disruptive changes that weren't accepted.",
  fix: 'Run the command for this org only (--org), or accept the changes with --accept disruptive.',
};

/** The result of an org whose plan wasn't confirmed. An org without changes keeps its result. */
export function skippedResult({ desired, result, plan }: PlannedOrg, error: ErrorDetails): OrgResult {
  if (!plan || plan.changes.length === 0) return result;
  const details = { changes: plan.changes, checks: result.checks };
  return {
    ...orgResult(desired, 'skipped', details),
    error: plan.changes.some(isDisruptive) ? error : SKIPPED_WITH_OTHERS,
  };
}

/** Prints the results, and writes the reports and the JSON document of a command. Returns its exit code. */
export function reportResults(
  context: Context,
  { findings, fleet }: Pick<PlannedFleet, 'findings' | 'fleet'>,
  options: ReportOptions,
  orgs: readonly OrgResult[],
  { exitCode, started }: RunEnd,
): Promise<ExitCode> {
  const { layout, now, print } = context;
  const { command, verifier } = options;
  if (orgs.length > 0 && verifier) print(`${verificationText(layout, orgs)}\n`);
  if (orgs.length > 0) print(runResultsText(layout, orgs, runSummary(options, started)));
  return writeReports(context, { command, exitCode, findings, orgs }, () => orgSettings(fleet, now, orgs));
}

type ReportOptions = Pick<ExecuteOptions, 'command' | 'verifier' | 'recorder' | 'resumeCommand'>;

/** How a run ended. Only a run that started can be resumed or rolled back. */
interface RunEnd {
  readonly exitCode: ExitCode;
  readonly started: boolean;
}

function runSummary({ command, recorder, resumeCommand }: ReportOptions, started: boolean): RunSummary {
  const { title } = COMMANDS[command];
  if (!recorder || !started) return { title };
  const runId = basename(recorder.journal.folder);
  return { title, runId, resume: resumeCommand, rollback: `npm run rollback -- --run ${runId}` };
}

/** The one value that --accept of a command has, and why there is no other. */
interface AcceptOption {
  readonly value: string;
  readonly why: string;
}

const ACCEPT_DISRUPTIVE: AcceptOption = { value: 'disruptive', why: 'Only disruptive changes need confirmation.' };

/** Throws `invalid-flag` for a value of --accept that the command doesn't have. */
export function assertAcceptFlag(
  accept: readonly string[] = [],
  { value, why }: AcceptOption = ACCEPT_DISRUPTIVE,
): void {
  const unknown = accept.find((each) => each !== value);
  if (unknown === undefined) return;
  throw invalidFlagError(`--accept ${unknown} isn't valid.`, why, `Use --accept ${value}.`);
}

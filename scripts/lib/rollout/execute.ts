import { basename } from 'node:path';
import { trackProgress, writeReports, type Context } from '../cli';
import { EXIT, type ExitCode } from '../errors';
import { type RolloutOptions } from './rollout-options';
import {
  confirmWrite,
  isConfirmed,
  notAcceptedDetails,
  skippedResult,
  type ChangingCommand,
  type WriteFlags,
} from './confirm';
import { deployFleet } from './deploy-fleet';
import { effectivePlan } from './deploy-org';
import { extendCommand, npmRun, type OrgConfig, type OrgResult, type TrustRecord } from '../model';
import {
  impactText,
  legendText,
  orgResultsText,
  planSummary,
  planTotals,
  runResultsText,
  verificationText,
  wrapLines,
  type RunSummary,
} from '../report';
import { readSnapshot, snapshotWriter, writeTrustRecord } from '../plan';
import { exitCodeOf } from './org-result';
import { orgSettings } from './org-settings';
import { timeoutsFrom, durationFlag, type TimeoutFlags } from './timeouts';
import type { PlannedFleet } from './planned-fleet';
import type { VerifyFlags } from '../verification/verify-flags';
import { DEFAULT_PUBLISH_TIMEOUT_MS, type OrgVerifier } from './org-verifier';
import { resumeCommandFor, runsFolderOf, stoppedRunError } from './incomplete-runs';
import { findRepublications, findUnpublished, republicationsText } from './publications';
import { readRuns, type RunHeader } from './read-journal';
import { journalPlanEntries, createRecorder, type Recorder } from './recorder';
import type { ResumableRun } from './resume';
import { journaledFlags } from './run-flags';
import { findTrustRecord } from './trust-record';

/** Flags that the commands that change orgs have in common. */
export interface ExecuteFlags extends TimeoutFlags, VerifyFlags, WriteFlags {
  /** The maximum number of orgs in flight within a wave. Default: what this machine can handle. */
  readonly concurrency?: number;
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
  /** Whether each org is printed with all its changes. */
  readonly full?: boolean;
}

/** How a command applies its plans. */
export interface ExecuteOptions {
  readonly command: ChangingCommand;
  /** The command that continues this run after a failure, without --runs and --project. */
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
  /** Chat deployments to publish in addition to the plans, by alias. */
  readonly pendingPublishes?: ReadonlyMap<string, readonly string[]>;
  /** How the chats of each wave are watched before the next one starts. */
  readonly canary?: RunHeader['canary'];
}

const COMMANDS: Readonly<Record<ChangingCommand, { readonly title: string; readonly activity: string }>> = {
  deploy: { title: 'Deploy', activity: 'Deploying' },
  rollback: { title: 'Rollback', activity: 'Rolling back' },
  'post-refresh': { title: 'Post-refresh', activity: 'Restoring' },
  'keys rotate stage': { title: 'Staging', activity: 'Staging' },
  'keys rotate retire': { title: 'Retirement', activity: 'Retiring' },
  'keys rotate delete': { title: 'Deletion', activity: 'Deleting' },
};

/** Shows what customers may notice, asks for confirmation, applies the plans of a fleet, and reports the result of each org. */
export async function executePlans(
  context: Context<ExecuteFlags>,
  plannedFleet: PlannedFleet,
  options: ExecuteOptions,
): Promise<ExitCode> {
  const { valid, fleet } = plannedFleet;
  if (!valid) return reportResults(context, plannedFleet, options, [], { exitCode: EXIT.invalid, started: false });
  const pendingPublishes = await publishesToRepeat(context, plannedFleet);
  if (context.flags.dryRun === true) return reportDryRun(context, plannedFleet, options);
  const orgs = fleet.map(({ result }) => result);
  if (orgs.some(({ changes }) => changes.length > 0))
    context.print(
      `${planTotals(orgs)}\n\n${impactText(context.layout, orgs, context.flags.full)}\n\n${legendText(context.layout)}\n`,
    );
  const { verifier, publishTimeout = DEFAULT_PUBLISH_TIMEOUT_MS } = options;
  const verify: RolloutOptions['verify'] =
    verifier && ((planned, outcome) => verifier(plannedFleet.sf, planned, outcome, publishTimeout));
  const publishOptions = { publishAll: context.flags.publish === true, pendingPublishes };
  const toWrite = fleet.filter((planned) => effectivePlan(planned, publishOptions) !== undefined);
  const confirmation = confirmWrite(toWrite, options);
  const confirmed = await isConfirmed(context, confirmation);
  const results = confirmed
    ? await applyWaves(context, plannedFleet, { ...options, pendingPublishes }, verify)
    : fleet.map((each) => skippedResult(each, notAcceptedDetails(context, confirmation)));
  const exitCode = confirmed ? exitCodeOf(results) : EXIT.failed;
  return reportResults(context, plannedFleet, options, results, { exitCode, started: confirmed });
}

/** Finds the chat deployments that are published again, and says why. */
async function publishesToRepeat(
  context: Context<ExecuteFlags>,
  plannedFleet: PlannedFleet,
): Promise<NonNullable<ExecuteOptions['pendingPublishes']>> {
  const { flags, print } = context;
  if (flags.publish === true) return new Map();
  const republications = await findRepublications(context, plannedFleet);
  const text = republicationsText(flags, republications);
  if (text !== undefined) print(`${wrapLines(context.layout, text)}\n`);
  const { left, unknown } = republications;
  return new Map([...left].map(([alias, names]) => [alias, [...names, ...(unknown.get(alias) ?? [])]]));
}

/** Applies the plans of a fleet without asking, and writes the journal and snapshots of the run. */
export async function applyWaves(
  context: Context<ExecuteFlags>,
  { sf, fleet, apiVersion, from, planCreatedAt }: PlannedFleet,
  options: ExecuteOptions,
  verify?: RolloutOptions['verify'],
): Promise<readonly OrgResult[]> {
  const { command, recorder = createRecorder(context, undefined), ignoreWaves = false } = options;
  const { concurrency, rollbackOnFailure, maxFailures = 0, waveDelay, publish } = context.flags;
  const publishOptions = { publishAll: publish === true, pendingPublishes: options.pendingPublishes ?? new Map() };
  recorder.journal.begin({
    command,
    from,
    resumeCommand: options.resumeCommand,
    ...(planCreatedAt !== undefined && { planCreatedAt }),
    ...(options.canary && { canary: options.canary }),
    flags: journaledFlags(context.flags, options.previousRun?.flags),
    orgs: journalPlanEntries(fleet, publishOptions),
  });
  const { runs } = readRuns(runsFolderOf(context));
  const trustBefore = (org: OrgConfig): TrustRecord | undefined => findTrustRecord(runs, recorder.journal.folder, org);
  const rollout: RolloutOptions = {
    apiVersion,
    concurrency,
    maxFailures,
    ...publishOptions,
    ignoreWaves,
    lastWaveFirst: options.lastWaveFirst === true,
    resumeCommand: resumeCommandFor(options.resumeCommand, recorder.journal.folder),
    waveDelay: durationFlag('--wave-delay', waveDelay, 0),
    timeouts: timeoutsFrom(context.flags),
    rollBackOnFailure: rollbackOnFailure === true,
    ...(verify && { verify }),
    ...(options.canary && { canary: { ...options.canary, pending: pendingWatches(options.previousRun) } }),
    readTransition: (alias) => readSnapshot(recorder.journal.folder, alias)?.transition,
    findUnpublished: (...org) => findUnpublished(readRuns(runsFolderOf(context)).runs, ...org),
    saveSnapshot: snapshotWriter(recorder.journal.folder, apiVersion, context.now, trustBefore),
    recordTrust: (org, record) => writeTrustRecord(recorder.journal.folder, org, record),
    onStep: recorder.recordStep,
    onResult: ({ alias, status }) => recorder.recordResult(alias, status),
  };
  const orgs = fleet.map(({ desired }) => desired.org);
  const applied = trackProgress(context, { activity: COMMANDS[command].activity, orgs, ignoreWaves }, () =>
    deployFleet(sf, fleet, rollout),
  );
  return Promise.race([applied, rejectWhenStopped(context, recorder.journal.folder, fleet)]);
}

/** The orgs that the resumed run changed. Their chats are watched again, or for the rest of the time. */
const pendingWatches = (run: ResumableRun | undefined): ReadonlyMap<string, Date | undefined> =>
  new Map((run?.orgs ?? []).flatMap((org) => (org.written ? [[org.alias, org.watchedSince]] : [])));

/** Ends a run at a stop signal. What is in flight in the orgs is in its journal. */
async function rejectWhenStopped(
  context: Context<ExecuteFlags>,
  folder: string,
  fleet: PlannedFleet['fleet'],
): Promise<never> {
  await context.untilStopped();
  throw stoppedRunError(
    folder,
    fleet.map(({ result }) => result),
  );
}

/** Shows the plan of a write as `plan` does, with the exit codes of `plan`. */
function reportDryRun(
  context: Context<ExecuteFlags>,
  { fleet, findings }: PlannedFleet,
  { command, resumeCommand }: ExecuteOptions,
): Promise<ExitCode> {
  const { flags, layout, now, print } = context;
  const orgs = fleet.map(({ result }) => result);
  print(`${planTotals(orgs)}\n\n${orgResultsText(layout, orgs, flags)}\n\n${wrapLines(layout, planSummary(orgs))}`);
  if (command === 'rollback' && orgs.some(({ changes }) => changes.length > 0))
    print(`To roll back: ${extendCommand(resumeCommand)}`);
  const exitCode = exitCodeOf(orgs);
  return writeReports(context, { command, exitCode, findings, orgs }, () => orgSettings(fleet, now, orgs));
}

/** Prints the results, and writes the reports and the JSON document of a command. Returns its exit code. */
export function reportResults(
  context: Context,
  { findings: planned, fleet }: Pick<PlannedFleet, 'findings' | 'fleet'>,
  options: ReportOptions,
  orgs: readonly OrgResult[],
  { exitCode, started }: RunEnd,
): Promise<ExitCode> {
  const { layout, now, print } = context;
  const { command, verifier, recorder } = options;
  const run = recorder && started && { run: basename(recorder.journal.folder) };
  if (orgs.length > 0 && verifier) print(`${verificationText(layout, orgs)}\n`);
  if (orgs.length > 0) print(runResultsText(layout, orgs, runSummary(options, orgs, started)));
  const findings = [...planned, ...orgs.flatMap((org) => org.findings ?? [])];
  const withoutFindings = orgs.map(({ findings: _findings, ...org }) => org);
  return writeReports(context, { command, exitCode, ...run, findings, orgs: withoutFindings }, () =>
    orgSettings(fleet, now, orgs),
  );
}

type ReportOptions = Pick<ExecuteOptions, 'command' | 'verifier' | 'recorder' | 'resumeCommand'>;

/** How a run ended. Only a run that started can be resumed or rolled back. */
interface RunEnd {
  readonly exitCode: ExitCode;
  readonly started: boolean;
}

function runSummary(
  { command, recorder, resumeCommand, verifier }: ReportOptions,
  orgs: readonly OrgResult[],
  started: boolean,
): RunSummary {
  const { title } = COMMANDS[command];
  if (!recorder || !started) return { title };
  const runId = basename(recorder.journal.folder);
  return {
    title,
    runId,
    resume: resumeCommandFor(resumeCommand, runId),
    rollback: npmRun('rollback', '--run', runId),
    ...(command === 'deploy' && !verifier && { verify: verifyCommand(orgs) }),
    ...(command === 'rollback' && { source: REVERT_SOURCE }),
  };
}

/** More changed orgs than this are verified with all others, so that the command stays short. */
const MAX_NAMED_ORGS = 3;

/** A private key isn't used for production orgs, so a fleet with one needs a token command. */
function verifyCommand(orgs: readonly OrgResult[]): string {
  const changed = orgs.filter(({ status }) => status === 'changed');
  const aliases = changed.length > MAX_NAMED_ORGS ? [] : changed.flatMap(({ alias }) => ['--org', alias]);
  const hasProduction = (aliases.length > 0 ? changed : orgs).some(({ kind }) => kind === 'production');
  return npmRun('verify', ...aliases, ...(hasProduction ? ['--token-command', 'COMMAND'] : ['--private-key', 'FILE']));
}

const REVERT_SOURCE = 'Revert the source too, or the next deploy applies the changes again.';

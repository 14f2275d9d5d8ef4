import { basename, dirname, resolve } from 'node:path';
import type { Context } from '../cli';
import { ToolError } from '../errors';
import {
  commandText,
  extendCommand,
  npmRun,
  parseCommandText,
  quoteArgument,
  type Check,
  type ErrorDetails,
  type OrgConfig,
  type OrgResult,
} from '../model';
import { wrapLines } from '../report';
import { readRuns, type JournaledRun } from './read-journal';
import { findRemainingWork, isHidden, type RemainingWork } from './remaining-work';

interface RunsContext extends Pick<Context, 'print' | 'layout'> {
  readonly flags: RunsFlags;
}

export interface RunsFlags {
  readonly project: string;
  /** Folder of the journals, relative to the project. */
  readonly runs?: string | undefined;
}

/** The folder of the journals of a project. Default: `.runs`. */
export const runsFolderOf = ({ flags }: Pick<RunsContext, 'flags'>): string => resolve(flags.project, runsFlag(flags));

/** The value of --runs. Default: `.runs`. */
export const runsFlag = (flags: RunsFlags): string => flags.runs ?? '.runs';

/**
 * A recommended command that continues a run: `command` as the journal has it, with the ID of the run, --runs, and --project. Without
 * the ID, a later run could be resumed instead.
 */
export const resumeCommandFor = (command: string, folder: string): string =>
  extendCommand(command.replace(/ --resume(?= |$)/, ` --resume ${quoteArgument(basename(folder))}`));

/** The command that continues a run. */
export const resumeCommandOf = (run: JournaledRun): string =>
  resumeCommandFor(run.resumeCommand ?? likelyResumeCommand(run), run.folder);

/** For a journal without a command, or with one that wasn't written by this project. */
function likelyResumeCommand({ command, from, orgs }: JournaledRun): string {
  if (command === 'deploy') return commandText(command, '--resume', ...(from === 'plan' ? ['--plan', 'FILE'] : []));
  if (command === 'post-refresh') return commandText(command, '--org', orgs[0]?.alias ?? 'ORG');
  return command.startsWith('keys') ? commandText('keys', 'rotate', 'status') : commandText('rollback');
}

/** The remaining work in one org, as text. */
export function remainingWorkText({ org, deploy, publishes }: RemainingWork): string {
  const parts = [
    ...(org.watchedSince ? ['its chats were not watched to the end'] : []),
    ...(deploy ? [unknownResultText(deploy)] : []),
    ...(publishes.length > 0 ? [`${publishes.join(', ')} might not be published`] : []),
  ];
  return parts.length > 0 ? parts.join('; ') : (org.status ?? 'interrupted');
}

const unknownResultText = ({ id, creates }: NonNullable<RemainingWork['deploy']>): string =>
  creates === undefined
    ? `the result of deploy job ${id ?? '(unknown ID)'} is unknown`
    : `it is unknown whether chat deployment ${creates} was created`;

/**
 * The error of a run that was stopped while it wrote to orgs: which deploy jobs still run, and how to continue. It contains the
 * results of the orgs (`planned`: before the run), so that a report has them.
 */
export function stoppedRunError(folder: string, planned: readonly OrgResult[]): ToolError {
  const run = readRuns(dirname(folder)).runs.find((each) => each.folder === folder);
  const jobs = (run?.orgs ?? []).flatMap(({ alias, deploy }) =>
    deploy && !deploy.settled && deploy.creates === undefined ? [`${alias} (${deploy.id ?? 'unknown ID'})`] : [],
  );
  const text = {
    what: `Run ${basename(folder)} was stopped.`,
    why: `It received a stop signal, or npm ended. ${
      jobs.length > 0
        ? `Submitted deploy jobs keep running in Salesforce: ${jobs.join(', ')}.`
        : 'No submitted deploy job is running.'
    }`,
    fix: `To resume the run: ${run ? resumeCommandOf(run) : npmRun('runs')}`,
  };
  const orgs = planned.map((result) => stoppedResult(result, run, { code: 'interrupted', ...text }));
  return new ToolError('interrupted', text, { stopped: { run: basename(folder), orgs } });
}

/** The result of an org when its run was stopped. Without a result in the journal, the org may have been changed or not. */
function stoppedResult(planned: OrgResult, run: JournaledRun | undefined, error: ErrorDetails): OrgResult {
  const { status, deploy } = run?.orgs.find(({ alias }) => alias === planned.alias) ?? {};
  const deployIds = deploy?.id === undefined ? [] : [deploy.id];
  const isDone = status === 'changed' || status === 'unchanged';
  return { ...planned, deployIds, ...(isDone ? { status } : { status: 'unknown', error }) };
}

/** The run that the command itself continues or rolls back. It isn't reported. */
export interface CurrentRun {
  readonly folder?: string;
  readonly resumeCommand?: string;
  /** Whether the command publishes what runs left, and says so. */
  readonly publishes?: boolean;
}

/**
 * Prints one sentence for each run that left hidden work in one of these orgs, and for each run whose journal can't be read. A plan
 * doesn't show this work: it finds the orgs in sync.
 */
export function printIncompleteRuns(
  context: RunsContext,
  orgs: readonly Pick<OrgConfig, 'orgId'>[],
  current: CurrentRun = {},
): void {
  const show = (text: string): void => context.print(wrapLines(context.layout, text));
  const { runs, unreadable } = readRuns(runsFolderOf(context));
  const selected = new Set(orgs.map(({ orgId }) => orgId));
  const isReported = (each: RemainingWork): boolean =>
    current.publishes === true ? each.deploy !== undefined : isHidden(each);
  const work = findRemainingWork(runs).filter((each) => isReported(each) && selected.has(each.org.orgId));
  for (const run of new Set(work.map((each) => each.run))) {
    if (run.folder === current.folder || isSameCommand(run.resumeCommand, current.resumeCommand)) continue;
    const orgsOfRun = work.filter((each) => each.run === run);
    show(incompleteRunText(run, orgsOfRun, resumeCommandOf(run)));
  }
  for (const { id, why } of unreadable)
    show(`The journal of run ${id} can't be read (${why}), so it's unknown whether the run is complete.`);
}

/**
 * The check that no run left work in an org, as far as the journals on this machine show. No check without a journal: nothing is known
 * then.
 */
export function incompleteRunChecks(
  context: Pick<RunsContext, 'flags'>,
  { orgId }: Pick<OrgConfig, 'orgId'>,
): readonly Check[] {
  const { runs, unreadable } = readRuns(runsFolderOf(context));
  if (runs.length + unreadable.length === 0) return [];
  const work = findRemainingWork(runs).filter(({ org }) => org.orgId === orgId);
  const problems = [
    ...work.map((each) => `${basename(each.run.folder)} (${each.run.command}): ${remainingWorkText(each)}.`),
    ...unreadable.map(({ id, why }) => `The journal of run ${id} can't be read (${why}).`),
  ];
  const [first] = work;
  const fix = first ? ` Fix: ${resumeCommandOf(first.run)}` : '';
  const ok = problems.length === 0;
  const detail = ok ? `No run in ${runsFlag(context.flags)} left work in the org.` : `${problems.join(' ')}${fix}`;
  return [{ name: 'incomplete runs', ok, detail, state: ok ? 'passed' : 'failed', part: 'runs' }];
}

/** Whether two commands do the same in the same orgs. Other flags, such as --accept, and how they were started make no difference. */
const isSameCommand = (one = '', other = ''): boolean => one !== '' && purposeOf(one) === purposeOf(other);

/** The words of a command before its flags, and the flags that say where it acts. */
function purposeOf(command: string): string {
  const words = parseCommandText(command) ?? [command];
  const start = words.findIndex((word) => word.startsWith('-'));
  return words
    .filter(
      (_word, at) => start < 0 || at < start || [words[at], words[at - 1]].some((each) => SCOPE.includes(each ?? '')),
    )
    .join(' ');
}

const SCOPE = ['--run', '--org', '--wave'];

function incompleteRunText(run: JournaledRun, work: readonly RemainingWork[], resumeCommand: string): string {
  const details = work.map((each) => `${each.org.alias} (${remainingWorkText(each)})`).join(', ');
  return `Run ${basename(run.folder)} (${run.command}) is incomplete: ${details}. Unless it is still running, resume it: ${resumeCommand}`;
}

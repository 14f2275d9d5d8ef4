import { basename, dirname, resolve } from 'node:path';
import type { Context } from '../cli';
import { ToolError } from '../errors';
import type { OrgConfig } from '../model';
import { readRuns, type JournaledRun } from './read-journal';
import { findRemainingWork, isHidden, type RemainingWork } from './remaining-work';

interface RunsContext extends Pick<Context, 'print'> {
  readonly flags: RunsFlags;
}

interface RunsFlags {
  readonly project: string;
  /** Folder of the journals, relative to the project. */
  readonly runs?: string | undefined;
}

/** The folder of the journals of a project. Default: `.runs`. */
export const runsFolderOf = ({ flags }: Pick<RunsContext, 'flags'>): string => resolve(flags.project, runsFlag(flags));

/** The value of --runs. Default: `.runs`. */
export const runsFlag = (flags: RunsFlags): string => flags.runs ?? '.runs';

/** The command that continues a run. */
export function resumeCommandOf({ folder, command, from, resumeCommand }: JournaledRun): string {
  if (command !== 'deploy') return resumeCommand ?? `npm run ${command.replace(' ', ' -- ')}`;
  const deploy = resumeCommand ?? `npm run deploy -- --resume${from === 'plan' ? ' --plan FILE' : ''}`;
  return deploy.replace('--resume', `--resume ${basename(folder)}`);
}

/** What is left to do in one org, for people. */
export function remainingWorkText({ org, deploy, publishes }: RemainingWork): string {
  const parts = [
    ...(deploy ? [`the result of deploy job ${deploy.id ?? '(unknown ID)'} is unknown`] : []),
    ...(publishes.length > 0 ? [`${publishes.join(', ')} might not be published`] : []),
  ];
  return parts.length > 0 ? parts.join('; ') : (org.status ?? 'interrupted');
}

/** The error of a run that was stopped while it wrote to orgs: which deploy jobs still run, and how to continue. */
export function stoppedRunError(context: RunsContext, folder: string): ToolError {
  const run = readRuns(dirname(folder)).runs.find((each) => each.folder === folder);
  const jobs = (run?.orgs ?? []).flatMap(({ alias, deploy }) =>
    deploy && !deploy.settled ? [`${alias} (${deploy.id ?? 'unknown ID'})`] : [],
  );
  const runs = runsFlag(context.flags);
  return new ToolError('interrupted', {
    what: `Run ${basename(folder)} was stopped.`,
    why: `It received a stop signal, or npm ended. ${
      jobs.length > 0
        ? `Submitted deploy jobs keep running in Salesforce: ${jobs.join(', ')}.`
        : 'No submitted deploy job is running.'
    }`,
    fix: `To resume the run: ${run ? resumeCommandOf(run) : 'npm run runs'}${runs === '.runs' ? '' : ` --runs ${runs}`}`,
  });
}

/** The run that the command itself continues or rolls back. It isn't reported. */
export interface CurrentRun {
  readonly folder?: string;
  readonly resumeCommand?: string;
}

/**
 * Prints one line for each run that left hidden work in one of these orgs, and for each run whose journal can't be read. A plan
 * doesn't show this work: it finds the orgs in sync.
 */
export function printIncompleteRuns(
  context: RunsContext,
  orgs: readonly Pick<OrgConfig, 'orgId'>[],
  current: CurrentRun = {},
): void {
  const { runs, unreadable } = readRuns(runsFolderOf(context));
  const selected = new Set(orgs.map(({ orgId }) => orgId));
  const work = findRemainingWork(runs).filter((each) => isHidden(each) && selected.has(each.org.orgId));
  const folder = runsFlag(context.flags);
  for (const run of new Set(work.map((each) => each.run))) {
    const resumeCommand = resumeCommandOf(run);
    if (run.folder === current.folder || resumeCommand === current.resumeCommand) continue;
    const orgsOfRun = work.filter((each) => each.run === run);
    context.print(
      incompleteRunLine(run, orgsOfRun, `${resumeCommand}${folder === '.runs' ? '' : ` --runs ${folder}`}`),
    );
  }
  for (const { id, why } of unreadable)
    context.print(`The journal of run ${id} can't be read (${why}), so it's unknown whether the run is complete.`);
}

function incompleteRunLine(run: JournaledRun, work: readonly RemainingWork[], resumeCommand: string): string {
  const details = work.map((each) => `${each.org.alias} (${remainingWorkText(each)})`).join(', ');
  return `Run ${basename(run.folder)} (${run.command}) is incomplete: ${details}. Unless it is still running, resume it: ${resumeCommand}`;
}

import { basename, resolve } from 'node:path';
import type { Context } from '../cli';
import { ToolError, invalidFlagError } from '../errors';
import type { PlanOptions } from './plan-fleet';
import { isComplete, latestSince, readRun, type JournaledOrg, type JournaledRun } from './read-journal';
import { recoverDeploy, type Timeouts } from '../org';
import { readPlanFile } from '../plan';

export interface ResumeFlags {
  /** The ID of the run to resume; `true` for the last one. */
  readonly resume?: string | true;
  /** Whether to resume only the orgs that failed, not those that were skipped. */
  readonly onlyFailed?: boolean;
  /** Folder of the journals, relative to the project. Default: `.runs`. */
  readonly runs?: string;
  readonly plan?: string;
}

/** A run that is resumed, with its incomplete orgs. */
export interface ResumableRun {
  readonly folder: string;
  readonly orgs: readonly JournaledOrg[];
}

/** The run to resume; undefined if the flags don't ask to resume one. */
export function readResumableRun({ flags }: Context<ResumeFlags>, command: string): ResumableRun | undefined {
  const { resume, onlyFailed, runs = '.runs', org: aliases } = flags;
  if (resume === undefined && onlyFailed !== true) return undefined;
  const run = readRun(resolve(flags.project, runs), command, typeof resume === 'string' ? resume : undefined);
  assertSamePlan(run, flags.plan);
  if (typeof resume !== 'string') assertNoIncompleteRollback(resolve(flags.project, runs), run);
  const remaining = run.orgs.filter((org) => !isComplete(org) && (!onlyFailed || org.status !== 'skipped'));
  return {
    folder: run.folder,
    orgs: remaining.filter(({ alias }) => aliases.length === 0 || aliases.includes(alias)),
  };
}

/**
 * A warning if the last run of a command was interrupted before it published; otherwise undefined. A new run finds the orgs that
 * were deployed to unchanged, so it doesn't publish what the earlier run left.
 */
export function warnUnpublished({ flags }: Context<ResumeFlags>, command: string): string | undefined {
  const latestRun = readRunIfAny(resolve(flags.project, flags.runs ?? '.runs'), command);
  const unpublishedOrgs = (latestRun?.orgs ?? []).filter(
    (org) =>
      !isComplete(org) &&
      org.deploy &&
      org.pendingPublishes.length > 0 &&
      (flags.org.length === 0 || flags.org.includes(org.alias)),
  );
  if (!latestRun || unpublishedOrgs.length === 0) return undefined;
  const name = basename(latestRun.folder);
  return `Run ${name} is incomplete at ${unpublishedOrgs.map(({ alias }) => alias).join(', ')}. Chat deployments that it didn't publish are published only if you resume it: npm run ${command} -- --resume ${name}`;
}

function readRunIfAny(runs: string, command: string): ReturnType<typeof readRun> | undefined {
  try {
    return readRun(runs, command);
  } catch {
    return undefined;
  }
}

/** Determines the result of the earlier run's deploy job before an org is read. A job is ignored if the alias has another org ID now. */
export const recoverBefore =
  (
    { orgs }: ResumableRun,
    timeouts: Timeouts,
    reportStep: (alias: string, ...step: RecoverStep) => void,
  ): PlanOptions['beforeRead'] =>
  (sf, { alias, orgId }) => {
    const pendingDeploy = orgs.find((org) => org.alias === alias && org.orgId === orgId)?.deploy;
    return recoverDeploy(sf, alias, pendingDeploy, (...step) => reportStep(alias, ...step), timeouts);
  };

/** The latest run of each org, of one command or of any. For commands that are resumed by running them again. */
export function latestRuns({ flags }: Context<Pick<ResumeFlags, 'runs'>>, command?: string): ResumableRun {
  const folder = resolve(flags.project, flags.runs ?? '.runs');
  return { folder, orgs: [...latestSince(folder, '', command).values()] };
}

type RecoverStep = Parameters<Parameters<typeof recoverDeploy>[3]>;

/** Throws `invalid-flag` unless the plan is the one that was approved for the run. */
function assertSamePlan({ folder, from, sealed }: JournaledRun, plan: string | undefined): void {
  const isSavedPlan = from === 'plan';
  if (isSavedPlan !== (plan !== undefined))
    throw cannotResumeError(
      folder,
      isSavedPlan ? 'It was started from a saved plan.' : `It was started from the ${from}, not from a saved plan.`,
      isSavedPlan ? samePlanFix(folder) : `Omit --plan: npm run deploy -- --resume ${basename(folder)}`,
    );
  const createdAt = plan === undefined ? undefined : readPlanFile(resolve(plan), 'plan').createdAt.toISOString();
  if (sealed !== createdAt && sealed !== undefined)
    throw cannotResumeError(
      folder,
      `Its plan was created at ${sealed}, but ${plan ?? ''} was created at ${createdAt ?? ''}.`,
      samePlanFix(folder),
    );
}

const samePlanFix = (folder: string): string =>
  `npm run deploy -- --resume ${basename(folder)} --plan FILE, with the plan of that run. To deploy another plan, omit --resume.`;

/** Throws `invalid-flag` if a rollback after the run is incomplete: a resumed deploy would undo it. */
function assertNoIncompleteRollback(runs: string, { folder }: JournaledRun): void {
  const incompleteRollbacks = [...latestSince(runs, basename(folder), 'rollback').values()].filter(
    (org) => !isComplete(org),
  );
  if (incompleteRollbacks.length === 0) return;
  throw cannotResumeError(
    folder,
    `A later rollback is incomplete at: ${incompleteRollbacks.map(({ alias }) => alias).join(', ')}.`,
    `To complete the rollback, run it again: npm run rollback -- --run RUN. To deploy anyway: npm run deploy -- --resume ${basename(folder)}`,
  );
}

const cannotResumeError = (folder: string, why: string, fix: string): ToolError =>
  invalidFlagError(`Run ${basename(folder)} can't be resumed with these flags. No org was contacted.`, why, fix);

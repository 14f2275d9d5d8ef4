import { basename, resolve } from 'node:path';
import type { Context } from '../cli';
import { ToolError, invalidFlagError } from '../errors';
import type { PlanOptions } from './plan-fleet';
import { isComplete, latestSince, readRun, type JournaledOrg, type JournaledRun } from './read-journal';
import { recoverDeploy, type Timeouts } from '../org';
import { readPlanFile } from '../plan';

export interface ResumeFlags {
  /** Goes on with a run that did not come through: the one of that name, or with `true` the last one. */
  readonly resume?: string | true;
  /** Goes on with the last run, at the orgs alone that failed. */
  readonly onlyFailed?: boolean;
  /** Where journals are kept, relative to the project; `.runs` unless stated. */
  readonly runs?: string;
  readonly plan?: string;
}

/** A run that is gone on with, and the orgs that are left of it. */
export interface ResumableRun {
  readonly folder: string;
  readonly orgs: readonly JournaledOrg[];
}

/** What is left of the run that the flags name; undefined when they ask for a run of its own. */
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
 * That the last run of the command did not come through, for a sentence. A run of its own finds orgs that got its deployment unchanged, and
 * does not publish what that run would have published.
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
  return `The run ${name} did not come through at ${unpublishedOrgs.map(({ alias }) => alias).join(', ')}. What it had still to publish, only going on with it publishes: npm run ${command} -- --resume ${name}`;
}

function readRunIfAny(runs: string, command: string): ReturnType<typeof readRun> | undefined {
  try {
    return readRun(runs, command);
  } catch {
    return undefined;
  }
}

/** Looks after what the run of before sent to an org, before the org is read. Another org may have its alias by now. */
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

/** What the journals say of the latest run of each org: of one command, or of any. For commands that are resumed by running them again. */
export function latestRuns({ flags }: Context<Pick<ResumeFlags, 'runs'>>, command?: string): ResumableRun {
  const folder = resolve(flags.project, flags.runs ?? '.runs');
  return { folder, orgs: [...latestSince(folder, '', command).values()] };
}

type RecoverStep = Parameters<Parameters<typeof recoverDeploy>[3]>;

/** What was approved for a run is what goes out when it is gone on with. */
function assertSamePlan({ folder, from, sealed }: JournaledRun, plan: string | undefined): void {
  const isSavedPlan = from === 'plan';
  if (isSavedPlan !== (plan !== undefined))
    throw cannotResumeError(folder, `It was made from the ${from}.`, isSavedPlan ? SAME_PLAN_FIX : 'Leave --plan out.');
  const createdAt = plan === undefined ? undefined : readPlanFile(resolve(plan), 'plan').createdAt.toISOString();
  if (sealed !== createdAt && sealed !== undefined)
    throw cannotResumeError(
      folder,
      `Its plan was sealed at ${sealed}, and ${plan ?? ''} at ${createdAt ?? ''}.`,
      SAME_PLAN_FIX,
    );
}

const SAME_PLAN_FIX = 'Name the same plan: --resume --plan FILE. For another plan, leave --resume out.';

/** Going on with a deploy must not undo a rollback after it that is not through. */
function assertNoIncompleteRollback(runs: string, { folder }: JournaledRun): void {
  const incompleteRollbacks = [...latestSince(runs, basename(folder), 'rollback').values()].filter(
    (org) => !isComplete(org),
  );
  if (incompleteRollbacks.length === 0) return;
  throw cannotResumeError(
    folder,
    `After it a rollback was begun that did not come through: ${incompleteRollbacks.map(({ alias }) => alias).join(', ')}.`,
    `Run that rollback again: npm run rollback -- --run RUN. To deploy all the same: --resume ${basename(folder)}.`,
  );
}

const cannotResumeError = (folder: string, why: string, fix: string): ToolError =>
  invalidFlagError(`The run ${basename(folder)} is not gone on with so. No org was contacted.`, why, fix);

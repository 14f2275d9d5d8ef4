import { npmRun, parseCommandText } from '../model';
import { basename, resolve } from 'node:path';
import type { Context } from '../cli';
import { ToolError, invalidFlagError } from '../errors';
import type { PlanOptions } from './plan-fleet';
import { resumeCommandOf, runsFolderOf } from './incomplete-runs';
import { isComplete, readRun, readRuns, type JournaledOrg, type JournaledRun } from './read-journal';
import { findRemainingWork, type RemainingWork } from './remaining-work';
import { appendToJournal, type Journal } from './write-journal';
import { assertOrgId, recoverDeploy, type Timeouts } from '../org';
import { readPlanFile } from '../plan';
import type { VerifyFlags } from '../verification/verify-flags';

export interface ResumeFlags extends Pick<VerifyFlags, 'tokenCommand' | 'privateKey'> {
  /** The ID of the run to resume; `true` for the last one. */
  readonly resume?: string | true;
  /** Whether to resume only the orgs that failed, not those that were skipped. */
  readonly onlyFailed?: boolean;
  /** Folder of the journals, relative to the project. Default: `.runs`. */
  readonly runs?: string;
  readonly plan?: string;
  /** Whether each org is verified. `false`: --no-verify. */
  readonly verify?: boolean;
  readonly dryRun?: boolean;
}

/** The work that a resumed run continues in one org. */
type ResumableOrg = Pick<JournaledOrg, 'alias' | 'changes' | 'written' | 'watchedSince'>;

/** A run that is resumed, with its incomplete orgs. */
export interface ResumableRun {
  readonly folder: string;
  readonly orgs: readonly ResumableOrg[];
  /** How the run watches chats. */
  readonly canary?: JournaledRun['canary'];
  /** The flags that the resumed run inherits. */
  readonly flags?: JournaledRun['flags'];
  readonly resumeCommand?: JournaledRun['resumeCommand'];
}

/** The run to resume; undefined if the flags don't ask to resume one. Without an ID it's the latest incomplete run. */
export function readResumableRun(context: Context<ResumeFlags>, command: string): ResumableRun | undefined {
  const { resume, onlyFailed, plan } = context.flags;
  if (resume === undefined && onlyFailed !== true) return undefined;
  const folder = runsFolderOf(context);
  if (typeof resume === 'string') {
    const run = readRun(folder, command, resume);
    assertSamePlan(run, plan);
    return resumableRun(
      context,
      run,
      run.orgs.filter((org) => !isComplete(org) && isSelected(context, org)),
    );
  }
  const work = findRemainingWork(readRuns(folder).runs);
  const selected = work.filter((each) => each.run.command === command && isSelected(context, each.org));
  const run = selected.at(-1)?.run ?? readRun(folder, command);
  if (run.isRunning) throw stillRunningError(run);
  assertSamePlan(run, plan);
  assertNoIncompleteRollback(work, run);
  return resumableRun(
    context,
    run,
    selected.filter((each) => isSameRun(each.run, run)).map(({ org }) => org),
  );
}

function resumableRun({ flags }: Context<ResumeFlags>, run: JournaledRun, orgs: readonly ResumableOrg[]): ResumableRun {
  if (orgs.length > 0 && flags.dryRun !== true) assertTokenSource(flags, run);
  return {
    folder: run.folder,
    orgs,
    ...(run.canary && { canary: run.canary }),
    ...(run.flags && { flags: run.flags }),
    ...(run.resumeCommand !== undefined && { resumeCommand: run.resumeCommand }),
  };
}

/** The flags that name a source of identity tokens. */
const TOKEN_FLAGS = ['--token-command', '--private-key'];

/**
 * Throws `invalid-flag` if the run verifies with identity tokens and the flags name no source of them. It isn't inherited, because a
 * command line of a journal must not be started unseen.
 */
function assertTokenSource(flags: Context<ResumeFlags>['flags'], run: JournaledRun): void {
  const { verify, tokenCommand, privateKey = [] } = flags;
  if (verify === false || tokenCommand !== undefined || [privateKey].flat().length > 0) return;
  const used = TOKEN_FLAGS.filter((flag) => parseCommandText(run.resumeCommand ?? '')?.includes(flag));
  if (used.length === 0) return;
  throw cannotResumeError(
    run.folder,
    `It verifies each org with ${used.join(' and ')}, which a resumed run doesn't inherit.`,
    `To resume it: ${resumeCommandOf(run)}. To resume it without verification, use --no-verify instead.`,
  );
}

/** A run that is still at work can fail later, so nothing is known about what it leaves. */
const stillRunningError = ({ folder }: JournaledRun): ToolError =>
  new ToolError('org-busy', {
    what: `Run ${basename(folder)} is still running, so it can't be resumed.`,
    why: 'Another process of this machine works on it.',
    fix: `Wait until it ends. To list the runs: ${npmRun('runs')}`,
  });

const isSelected = ({ flags: { org, onlyFailed } }: Context<ResumeFlags>, { alias, status }: JournaledOrg): boolean =>
  (org.length === 0 || org.includes(alias)) && (onlyFailed !== true || status !== 'skipped');

const isSameRun = (one: JournaledRun, other: JournaledRun): boolean => one.folder === other.folder;

/**
 * Determines the results of the deploy jobs that earlier runs of any command left in an org, before the org is read. A job belongs
 * to an org ID: the alias can have another org now. The result is also written to the journal of the earlier run. Then waits
 * until the org has no running deploy job, so that the plan includes what it changes.
 */
export function recoverBefore(
  context: Context<Pick<ResumeFlags, 'runs'>>,
  timeouts: Timeouts,
  recorder: StepRecorder,
): NonNullable<PlanOptions['beforeRead']> {
  const work = findRemainingWork(readRuns(runsFolderOf(context)).runs).filter(({ deploy }) => deploy);
  return async (sf, org) => {
    const { alias } = org;
    const pending = work.filter((each) => each.org.orgId === org.orgId);
    // What another org says about a deploy job says nothing about this org. Without a job, the read of the org checks its ID.
    if (pending.length > 0) await assertOrgId(sf, org);
    for (const each of pending)
      await recoverDeploy(sf, alias, each.deploy, (...step) => recordRecovery(recorder, alias, each, step), timeouts);
    if (pending.length > 0) return;
    try {
      await recoverDeploy(sf, alias, undefined, (...step) => recorder.recordStep(alias, ...step), timeouts);
    } catch (thrown) {
      await assertOrgId(sf, org);
      throw thrown;
    }
  };
}

/** The part of a recorder that a recovery needs. */
interface StepRecorder {
  readonly journal: Pick<Journal, 'folder'>;
  readonly recordStep: (alias: string, ...step: RecoverStep) => void;
}

function recordRecovery(
  { journal, recordStep }: StepRecorder,
  alias: string,
  { run, org }: RemainingWork,
  [step, detail, ...before]: RecoverStep,
): void {
  recordStep(alias, step, detail, ...before);
  if (run.folder === journal.folder) return;
  appendToJournal(run.folder).write({ org: org.alias, step, ...(detail !== undefined && { detail }) });
}

type RecoverStep = Parameters<Parameters<typeof recoverDeploy>[3]>;

/** Throws `invalid-flag` unless the plan is the one that was approved for the run. */
function assertSamePlan(run: JournaledRun, plan: string | undefined): void {
  const { folder, from, planCreatedAt } = run;
  const isSavedPlan = from === 'plan';
  if (isSavedPlan !== (plan !== undefined))
    throw cannotResumeError(
      folder,
      isSavedPlan ? 'It was started from a saved plan.' : `It was started from the ${from}, not from a saved plan.`,
      `To resume it: ${resumeCommandOf(run)}`,
    );
  const createdAt = plan === undefined ? undefined : readPlanFile(resolve(plan), 'plan').createdAt.toISOString();
  if (plan !== undefined && planCreatedAt !== createdAt && planCreatedAt !== undefined)
    throw cannotResumeError(
      folder,
      `Its plan was created at ${planCreatedAt}, but ${plan} was created at ${createdAt ?? ''}.`,
      `Use the plan file of the run. To resume it: ${resumeCommandOf(run)}`,
    );
}

/** Throws `invalid-flag` if a rollback after the run is incomplete: a resumed deploy would undo it. */
function assertNoIncompleteRollback(work: readonly RemainingWork[], run: JournaledRun): void {
  const rollbacks = work.filter((each) => each.run.command === 'rollback' && isAfter(each.run, run));
  const [first] = rollbacks;
  if (!first) return;
  throw cannotResumeError(
    run.folder,
    `A later rollback is incomplete at: ${rollbacks.map(({ org }) => org.alias).join(', ')}.`,
    `To complete the rollback: ${resumeCommandOf(first.run)}. To deploy anyway: ${resumeCommandOf(run)}`,
  );
}

const isAfter = (one: JournaledRun, other: JournaledRun): boolean =>
  one.sequence > other.sequence || (one.sequence === other.sequence && one.folder > other.folder);

const cannotResumeError = (folder: string, why: string, fix: string): ToolError =>
  invalidFlagError(`Run ${basename(folder)} can't be resumed with these flags. No org was contacted.`, why, fix);

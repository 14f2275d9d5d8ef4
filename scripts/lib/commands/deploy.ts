import { basename, resolve } from 'node:path';
import { writeReports, type Context } from '../cli';
import { EXIT, type ExitCode } from '../errors';
import type { OrgConfig } from '../model';
import { shareLimitsFrom, type ShareFlags } from '../monitor/flags';
import { readPlanFile } from '../plan';
import { loadOrgFiles } from '../project';
import type { PlanOptions } from '../rollout';
import type { CliWorkerPool } from '../sf';
import { assertAcceptFlag, assertScope } from '../rollout/confirm';
import { executePlans, type ExecuteFlags } from '../rollout/execute';
import { durationFlag, timeoutsFrom } from '../rollout/timeouts';
import { printIncompleteRuns } from '../rollout/incomplete-runs';
import { planProject } from '../rollout/plan-project';
import { createVerifier, DEFAULT_PUBLISH_TIMEOUT_MS, type OrgVerifier } from '../rollout/org-verifier';
import type { RunHeader } from '../rollout/read-journal';
import { createRecorder } from '../rollout/recorder';
import { readResumableRun, recoverBefore, type ResumableRun, type ResumeFlags } from '../rollout/resume';
import { deployResumeCommand, withRunFlags } from '../rollout/run-flags';
import { planFromFile } from '../rollout/saved-plan';

export interface DeployFlags extends ExecuteFlags, ResumeFlags, ShareFlags {
  /** The saved plan to apply instead of a new one. */
  readonly plan?: string;
  /** Maximum age of the saved plan, such as `24h`. */
  readonly maxAge?: string;
  /** Whether each org is verified before the next wave. */
  readonly verify?: boolean;
  /** The time for which the chats of a wave are watched before the next one, such as `30m`. */
  readonly canary?: string;
}

/**
 * Deploys the desired state or a saved plan: confirms, applies wave by wave, and reads back. It first determines the results of
 * the deploy jobs that earlier runs left, and also publishes what they left, or what isn't known to be published.
 */
export async function runDeploy(given: Context<DeployFlags>, workers: CliWorkerPool): Promise<ExitCode> {
  assertAcceptFlag(given.flags.accept);
  const previousRun = readResumableRun(given, 'deploy');
  const context = { ...given, flags: withRunFlags(given.flags, previousRun?.flags) };
  const { plan, maxAge, concurrency, dryRun } = context.flags;
  const verifier = verifierFor(context);
  const timeouts = timeoutsFrom(context.flags);
  // An invalid duration must be reported before an org is read.
  durationFlag('--wave-delay', context.flags.waveDelay, 0);
  const publishTimeout = durationFlag('--publish-timeout', context.flags.publishTimeout, DEFAULT_PUBLISH_TIMEOUT_MS);
  const requested = canaryFrom(context.flags);
  const canary = requested ?? previousRun?.canary;
  if (!previousRun && dryRun !== true) assertScope(context.flags, availableOrgs(context.flags), 'deploy');
  if (previousRun?.orgs.length === 0) return reportNothingToResume(context, previousRun);
  const recorder = createRecorder(context, previousRun);
  const planOptions: Partial<PlanOptions> = {
    concurrency,
    beforeRead: dryRun === true ? undefined : recoverBefore(context, timeouts, recorder),
  };
  const selectedContext = previousRun ? withOnlyOrgs(context, previousRun) : context;
  const plannedFleet =
    plan === undefined
      ? await planProject(selectedContext, workers, 'full', planOptions)
      : await planFromFile(selectedContext, workers, plan, maxAge, planOptions);
  printIncompleteRuns(
    context,
    plannedFleet.fleet.map(({ desired }) => desired.org),
    { ...(previousRun && { folder: previousRun.folder }), publishes: dryRun !== true },
  );
  return executePlans(selectedContext, plannedFleet, {
    command: 'deploy',
    recorder,
    previousRun,
    publishTimeout,
    resumeCommand: deployResumeCommand(context.flags, previousRun),
    ...(verifier && { verifier }),
    ...(canary && { canary }),
  });
}

/** The orgs that a deploy could write to: those of the saved plan, else those with an org file. */
const availableOrgs = ({
  plan,
  project,
}: Context<DeployFlags>['flags']): readonly Pick<OrgConfig, 'alias' | 'kind'>[] =>
  plan === undefined ? loadOrgFiles(project).orgs : readPlanFile(resolve(plan), 'plan').orgs.map(({ org }) => org);

const verifierFor = (context: Context<DeployFlags>): OrgVerifier | undefined =>
  context.flags.verify === true ? createVerifier(context) : undefined;

/** The watch of --canary; undefined without the flag. A resumed run without it watches as the run did. */
function canaryFrom(flags: DeployFlags): RunHeader['canary'] {
  if (flags.canary === undefined) return undefined;
  const { minVerified, minChats } = shareLimitsFrom(flags);
  return { durationMs: durationFlag('--canary', flags.canary), minVerified, minChats };
}

const withOnlyOrgs = (context: Context<DeployFlags>, { orgs }: ResumableRun): Context<DeployFlags> => ({
  ...context,
  flags: { ...context.flags, org: orgs.map(({ alias }) => alias) },
});

function reportNothingToResume(context: Context, { folder }: ResumableRun): Promise<ExitCode> {
  const run = basename(folder);
  context.print(`Nothing is left to do in run ${run}.`);
  return writeReports(context, { command: 'deploy', exitCode: EXIT.done, run, findings: [], orgs: [] });
}

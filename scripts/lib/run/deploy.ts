import { resolve } from 'node:path';
import type { Context } from '../cli';
import { EXIT, ToolError, type ExitCode } from '../errors';
import { deployFleet, disruptiveOrgs, outcomeOf, type Planned } from '../fleet';
import { isDisruptive, type Fault, type Outcome } from '../model';
import { openJournal, type Journal } from '../org';
import { documentText, impactText, LEGEND, resultsText } from '../report';
import type { HostPool } from '../sf';
import { exitOf } from './exit';
import { planProject, type PlannedProject } from './plan-project';

export interface DeployFlags {
  /** Impacts that need no asking; `disruptive` is the only one. */
  readonly accept?: readonly string[];
  /** Orgs at once inside a wave. */
  readonly concurrency: number;
  /** Whether deployments are published even where nothing changed. */
  readonly publish?: boolean;
  /** Where journals are kept, relative to the project; `.runs` unless stated. */
  readonly runs?: string;
}

/** Brings every org to what source and configuration state: plans, asks, applies wave by wave, and reads back. */
export async function runDeploy(context: Context<DeployFlags>, hosts: HostPool): Promise<ExitCode> {
  verifyAccept(context.flags.accept ?? []);
  const planned = await planProject(context, hosts);
  if (!planned.valid) return finish(context, planned, [], EXIT.invalid);
  const orgs = planned.fleet.map(({ outcome }) => outcome);
  if (orgs.some(({ changes }) => changes.length > 0)) context.show(`${impactText(context.page, orgs)}\n\n${LEGEND}\n`);
  const accepted = await isAccepted(context, planned.fleet);
  if (!accepted)
    return finish(
      context,
      planned,
      planned.fleet.map((each) => held(each, context.interactive)),
      EXIT.failed,
    );
  const outcomes = await roll(context, planned);
  return finish(context, planned, outcomes, exitOf(outcomes));
}

async function roll(
  context: Context<DeployFlags>,
  { sf, fleet, project }: PlannedProject,
): Promise<readonly Outcome[]> {
  const journal = openJournal(resolve(context.flags.project, context.flags.runs ?? '.runs'), context.now);
  return deployFleet(sf, fleet, {
    apiVersion: project.apiVersion,
    concurrency: context.flags.concurrency,
    publishAll: context.flags.publish === true,
    progress: (org, step, detail) => record(context, journal, org, step, detail),
    done: ({ alias, outcome }) => record(context, journal, alias, outcome),
  });
}

function record({ progress }: Context, journal: Journal, org: string, step: string, detail?: string): void {
  journal.write({ org, step, ...(detail !== undefined && { detail }) });
  progress(`  ${org}: ${step}${detail === undefined ? '' : ` ${detail}`}`);
}

/** Asks before changes that disturb customers; without a person to ask, the flag decides. */
async function isAccepted(
  { flags, interactive, confirm }: Context<DeployFlags>,
  fleet: readonly Planned[],
): Promise<boolean> {
  const disruptive = disruptiveOrgs(fleet);
  if (disruptive.length === 0 || flags.accept?.includes('disruptive')) return true;
  if (!interactive) return false;
  return confirm(
    `${disruptive.map(({ desired }) => desired.org.alias).join(', ')}: customers will be disturbed as shown above. Deploy?`,
  );
}

const notAccepted = (interactive: boolean): Fault => ({
  code: 'not-accepted',
  what: 'Nothing was written: the plan has changes that disturb customers, and nobody accepted them.',
  why: interactive ? 'The answer was no.' : 'Without a terminal there is nobody to ask.',
  fix: 'Look at the plan, then deploy with --accept disruptive.',
});

const withOthers: Fault = {
  code: 'not-accepted',
  what: 'Nothing was written here either.',
  why: 'Another org of this deploy has changes that disturb customers, and nobody accepted them.',
  fix: 'Deploy this org by itself with --org, or accept the changes of the other one.',
};

function held({ desired, outcome, plan }: Planned, interactive: boolean): Outcome {
  if (!plan || plan.changes.length === 0) return outcome;
  const rest = { changes: plan.changes, checks: outcome.checks };
  const error = plan.changes.some(isDisruptive) ? notAccepted(interactive) : withOthers;
  return { ...outcomeOf(desired, 'skipped', rest), error };
}

function finish(
  { page, show, document }: Context,
  { findings }: PlannedProject,
  orgs: readonly Outcome[],
  exitCode: ExitCode,
): ExitCode {
  if (orgs.length > 0) show(resultsText(page, orgs));
  document(documentText({ command: 'deploy', exitCode, findings, orgs }));
  return exitCode;
}

function verifyAccept(accept: readonly string[]): void {
  const unknown = accept.find((impact) => impact !== 'disruptive');
  if (unknown === undefined) return;
  const explanation = {
    what: `--accept ${unknown} is not known.`,
    why: 'Only disruptive changes are asked for.',
    fix: 'Use --accept disruptive.',
  };
  throw new ToolError('bad-flag', explanation, { exit: EXIT.invalid });
}

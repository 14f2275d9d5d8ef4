import { writeReports, type CommonFlags, type Context } from '../cli';
import { EXIT, type ExitCode } from '../errors';
import { isDisruptive, npmRun, type OrgResult } from '../model';
import { legendText, orgResultsText, planSummary, planTotals, wrapLines } from '../report';
import type { CliWorkerPool } from '../sf';
import { acceptArguments, selectionArguments } from '../rollout/confirm';
import { exitCodeOf } from '../rollout/org-result';
import { printIncompleteRuns } from '../rollout/incomplete-runs';
import { savePlan } from '../rollout/saved-plan';
import { orgSettings } from '../rollout/org-settings';
import { findRepublications, republicationsText } from '../rollout/publications';
import { planProject } from '../rollout/plan-project';

export interface PlanFlags {
  /** Where to write the plan, for deploy --plan. */
  readonly out?: string;
  /** Whether each org is printed with all its changes. */
  readonly full?: boolean;
}

/** Shows the changes that a deploy would make in each org, and their impact on customers. */
export async function runPlan(context: Context<PlanFlags>, workers: CliWorkerPool): Promise<ExitCode> {
  const { layout, now, print } = context;
  const plannedProject = await planProject(context, workers);
  const { valid, fleet, findings } = plannedProject;
  const orgs = fleet.map(({ result }) => result);
  const exitCode = valid ? exitCodeOf(orgs) : EXIT.invalid;
  if (valid) print(`${planTotals(orgs)}\n\n${orgResultsText(layout, orgs, context.flags)}\n`);
  const publications = republicationsText(context.flags, await findRepublications(context, plannedProject), 'plan');
  if (publications !== undefined) print(`${wrapLines(layout, publications)}\n`);
  if (orgs.some(hasChanges)) print(legendText(layout));
  if (valid) print(wrapLines(layout, planSummary(orgs)));
  if (orgs.some(hasChanges) && context.flags.out === undefined)
    print(wrapLines(layout, `To deploy: ${deployCommand(context.flags, orgs)}`));
  printIncompleteRuns(context, orgs);
  if (valid && context.flags.out !== undefined)
    print(wrapLines(layout, savePlan(context, context.flags.out, plannedProject)));
  return writeReports(context, { command: 'plan', exitCode, findings, orgs }, () => orgSettings(fleet, now));
}

const hasChanges = ({ changes }: OrgResult): boolean => changes.length > 0;

/** The command that deploys the orgs of the plan, with the --accept that a pipeline needs for its disruptive changes. */
export function deployCommand(
  flags: Pick<CommonFlags, 'org' | 'wave'>,
  orgs: readonly Pick<OrgResult, 'changes'>[],
): string {
  const selection = selectionArguments(flags);
  const accept = orgs.some(({ changes }) => changes.some(isDisruptive)) ? ['disruptive'] : [];
  return npmRun('deploy', ...(selection.length > 0 ? selection : ['--all']), ...acceptArguments({ accept }));
}

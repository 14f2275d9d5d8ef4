import type { Context } from '../cli';
import { EXIT, type ExitCode } from '../errors';
import type { Outcome } from '../model';
import { documentText, LEGEND, outcomesText, planSummary } from '../report';
import type { HostPool } from '../sf';
import { exitOf } from './exit';
import { sealPlan } from './sealed';
import { planProject } from './plan-project';

export interface PlanFlags {
  /** Where to write the plan, for deploy --plan. */
  readonly out?: string;
}

/** Shows what a deploy would change in each org, and what that means for customers. */
export async function runPlan(context: Context<PlanFlags>, hosts: HostPool): Promise<ExitCode> {
  const { page, show, document } = context;
  const prepared = await planProject(context, hosts);
  const { valid, fleet, findings } = prepared;
  const orgs = fleet.map(({ outcome }) => outcome);
  const exitCode = valid ? exitOf(orgs) : EXIT.invalid;
  if (valid) show(`${outcomesText(page, orgs)}\n\n${orgs.some(hasChanges) ? `${LEGEND}\n` : ''}${planSummary(orgs)}`);
  if (valid && context.flags.out !== undefined) show(`\n${sealPlan(context, context.flags.out, prepared)}`);
  document(documentText({ command: 'plan', exitCode, findings, orgs }));
  return exitCode;
}

const hasChanges = ({ changes }: Outcome): boolean => changes.length > 0;

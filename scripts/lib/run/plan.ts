import { writeReports, type Context } from '../cli';
import { EXIT, type ExitCode } from '../errors';
import type { Outcome } from '../model';
import { LEGEND, outcomesText, planSummary } from '../report';
import type { HostPool } from '../sf';
import { exitOf } from './exit';
import { sealPlan } from './sealed';
import { holdingsOf } from './holdings';
import { planProject } from './plan-project';

export interface PlanFlags {
  /** Where to write the plan, for deploy --plan. */
  readonly out?: string;
}

/** Shows what a deploy would change in each org, and what that means for customers. */
export async function runPlan(context: Context<PlanFlags>, hosts: HostPool): Promise<ExitCode> {
  const { page, now, show } = context;
  const prepared = await planProject(context, hosts);
  const { valid, fleet, findings } = prepared;
  const orgs = fleet.map(({ outcome }) => outcome);
  const exitCode = valid ? exitOf(orgs) : EXIT.invalid;
  if (valid) show(`${outcomesText(page, orgs)}\n\n${orgs.some(hasChanges) ? `${LEGEND}\n` : ''}${planSummary(orgs)}`);
  if (valid && context.flags.out !== undefined) show(`\n${sealPlan(context, context.flags.out, prepared)}`);
  return writeReports(context, { command: 'plan', exitCode, findings, orgs }, () => holdingsOf(fleet, now));
}

const hasChanges = ({ changes }: Outcome): boolean => changes.length > 0;

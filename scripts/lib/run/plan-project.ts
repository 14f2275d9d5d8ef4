import type { Context } from '../cli';
import type { Planning } from '../fleet';
import { hasError } from '../model';
import { loadProject, type Project } from '../project';
import { findingsSummary, findingsText } from '../report';
import { Sf, type HostPool } from '../sf';
import { orgFindings } from './org-findings';
import { planShown } from './plan-shown';
import type { Prepared } from './prepared';

/** A project with the plan of every selected org, or the findings that kept any org from being contacted. Findings are those of the project, then of what the orgs hold beside it. */
export interface PlannedProject extends Prepared {
  readonly project: Project;
}

/** How much is shown of what the orgs hold beside the source: all of it, or that there is something. */
export type Telling = 'in full' | 'in short';

/** What plan, deploy and status have in common: read and check the project, then plan every selected org. */
export async function planProject(
  context: Context,
  hosts: HostPool,
  telling: Telling = 'in full',
  planning: Partial<Planning> = {},
): Promise<PlannedProject> {
  const { flags, now, page, show } = context;
  const selection = { orgs: flags.org, ...(flags.wave !== undefined && { wave: flags.wave }) };
  const project = loadProject(flags.project, selection, now);
  const { apiVersion } = project;
  const sf = new Sf(hosts, apiVersion);
  const valid = !hasError(project.findings);
  const made = { project, sf, apiVersion, valid, from: 'project' } as const;
  // Notes are for check; before orgs are changed, only what may go wrong is worth reading.
  const serious = project.findings.filter(({ severity }) => severity !== 'info');
  if (serious.length > 0) show(`${findingsText(page, serious)}\n`);
  if (!valid) return { ...made, fleet: [], findings: project.findings };
  const fleet = await planShown(context, sf, project.orgs, { apiVersion, ...planning }, 'Reading');
  const found = fleet.flatMap((planned) => orgFindings(planned, project.production, now));
  if (found.length > 0)
    show(
      telling === 'in full'
        ? `${findingsText(page, found)}\n`
        : `${findingsSummary(found)} npm run plan shows ${found.length === 1 ? 'it' : 'them'}.\n`,
    );
  return { ...made, fleet, findings: [...project.findings, ...found] };
}

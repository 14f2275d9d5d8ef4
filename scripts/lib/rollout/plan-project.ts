import type { Context } from '../cli';
import type { PlanOptions } from './plan-fleet';
import { hasError, npmRun } from '../model';
import { loadProject, type Project } from '../project';
import { findingsSummary, findingsText } from '../report';
import { Sf, type CliWorkerPool } from '../sf';
import { orgFindings } from './org-findings';
import { planWithProgress } from './plan-with-progress';
import type { PlannedFleet } from './planned-fleet';

/** A project with the plan of each selected org, or with the findings that prevented contact with any org. Findings of the project come first, then those of the orgs. */
export interface PlannedProject extends PlannedFleet {
  readonly project: Project;
}

/** Whether findings about unmanaged settings in the orgs are printed in full or as a summary. */
export type Verbosity = 'full' | 'summary';

/** Reads and checks the project, then plans each selected org. */
export async function planProject(
  context: Context,
  workers: CliWorkerPool,
  verbosity: Verbosity = 'full',
  planOptions: Partial<PlanOptions> = {},
): Promise<PlannedProject> {
  const { flags, now, layout, print } = context;
  const selection = { orgs: flags.org, ...(flags.wave !== undefined && { wave: flags.wave }) };
  const project = loadProject(flags.project, selection, now);
  const { apiVersion } = project;
  const sf = new Sf(workers, apiVersion);
  const valid = !hasError(project.findings);
  const common = { project, sf, apiVersion, valid, from: 'project' } as const;
  // Notes are printed only by the command check.
  const errorsAndWarnings = project.findings.filter(({ severity }) => severity !== 'note');
  if (errorsAndWarnings.length > 0) print(`${findingsText(layout, errorsAndWarnings, flags.full)}\n`);
  if (!valid) return { ...common, fleet: [], findings: project.findings };
  const fleet = await planWithProgress(context, sf, project.orgs, { apiVersion, ...planOptions }, 'Reading');
  const liveFindings = fleet.flatMap((planned) => orgFindings(planned, project.production, now));
  if (liveFindings.length > 0)
    print(
      verbosity === 'full'
        ? `${findingsText(layout, liveFindings, flags.full)}\n`
        : `${findingsSummary(liveFindings)} To show ${liveFindings.length === 1 ? 'it' : 'them'}: ${npmRun('plan')}\n`,
    );
  return { ...common, fleet, findings: [...project.findings, ...liveFindings] };
}

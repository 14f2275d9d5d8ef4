import type { Context } from '../cli';
import { planFleet, type Planned } from '../fleet';
import { hasError, type Finding } from '../model';
import { loadProject, type Project } from '../project';
import { findingsText } from '../report';
import { Sf, type HostPool } from '../sf';
import { orgFindings } from './org-findings';

/** A project with the plan of every selected org, or the findings that kept any org from being contacted. */
export interface PlannedProject {
  readonly project: Project;
  readonly sf: Sf;
  /** Whether source and configuration were fit to contact the orgs. */
  readonly valid: boolean;
  readonly fleet: readonly Planned[];
  /** Of the project, then of what the orgs hold beside it. */
  readonly findings: readonly Finding[];
}

/** What plan, deploy and status have in common: read and check the project, then plan every selected org. */
export async function planProject({ flags, now, page, show, progress }: Context, hosts: HostPool): Promise<PlannedProject> {
  const selection = { orgs: flags.org, ...(flags.wave !== undefined && { wave: flags.wave }) };
  const project = loadProject(flags.project, selection, now);
  const sf = new Sf(hosts, project.apiVersion);
  const valid = !hasError(project.findings);
  if (project.findings.length > 0) show(`${findingsText(page, project.findings)}\n`);
  if (!valid) return { project, sf, valid, fleet: [], findings: project.findings };
  progress(`Reading ${project.orgs.map(({ org }) => org.alias).join(', ')} ...`);
  const fleet = await planFleet(sf, project.orgs, project.apiVersion, ({ alias, outcome }) => progress(`  ${alias}: ${outcome}`));
  const found = fleet.flatMap((planned) => orgFindings(planned, now));
  if (found.length > 0) show(`${findingsText(page, found)}\n`);
  return { project, sf, valid, fleet, findings: [...project.findings, ...found] };
}

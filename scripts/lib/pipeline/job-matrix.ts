import type { Context } from '../cli';
import { EXIT, type ExitCode, invalidFlagError } from '../errors';
import { hasError, pluralize, type OrgConfig } from '../model';
import { loadProject } from '../project';
import { serializeDocument, findingsText } from '../report';
import { orgsPerMachine } from '../sf/capacity';

export interface MatrixFlags {
  /** Orgs that one job takes. */
  readonly perJob: number;
  /** How many waves the pipeline has jobs for; prints one line a wave then, as GitHub's step outputs take it. */
  readonly waves?: number;
}

/** One job of a pipeline, as GitHub's `strategy.matrix` takes it. */
export interface MatrixJob {
  /** For the name of the job and of its artifacts: letters, digits and hyphens. */
  readonly name: string;
  readonly wave: number;
  /** `--org dev --org uat`: aliases hold nothing that a shell would read otherwise. */
  readonly args: string;
}

/** The jobs of each wave, each with so many orgs at most. */
export function jobMatrix(orgs: readonly OrgConfig[], perJob: number): { readonly include: readonly MatrixJob[] } {
  const waves = [...new Set(orgs.map(({ wave }) => wave))].sort((one, other) => one - other);
  return {
    include: waves.flatMap((wave) =>
      waveJobs(
        wave,
        orgs.filter((org) => org.wave === wave),
        perJob,
      ),
    ),
  };
}

function waveJobs(wave: number, orgs: readonly OrgConfig[], perJob: number): readonly MatrixJob[] {
  const count = Math.ceil(orgs.length / perJob);
  return Array.from({ length: count }, (_, index) => ({
    name: `wave-${wave}-job-${index + 1}`,
    wave,
    args: orgs
      .slice(index * perJob, (index + 1) * perJob)
      .map(({ alias }) => `--org ${alias}`)
      .join(' '),
  }));
}

/**
 * Recommends the number of jobs for the waves that are too large for one machine, if the jobs have more orgs than that: as many jobs
 * as machines like this one are needed. Undefined if each job fits.
 */
export function recommendation(orgs: readonly OrgConfig[], perJob: number, perMachine: number): string | undefined {
  const sizes = [...new Set(orgs.map(({ wave }) => wave))].map(
    (wave) => orgs.filter((org) => org.wave === wave).length,
  );
  const largest = Math.max(0, ...sizes);
  if (Math.min(largest, perJob) <= perMachine) return undefined;
  const jobs = Math.ceil(largest / perMachine);
  return (
    `Recommended for the largest wave (${pluralize(largest, 'org')}): ${pluralize(jobs, 'job')}, with --per-job ${Math.ceil(largest / jobs)}. ` +
    `A machine like this one deploys to up to ${pluralize(perMachine, 'org')} in about the time of one org; more of them take longer.`
  );
}

/** `wave_1={"include":[...]}` for each wave of a pipeline. Throws for an org that no wave of it would deploy to. */
export function waveOutputs(orgs: readonly OrgConfig[], perJob: number, waves: number): string {
  const unreachable = orgs.filter(({ wave }) => wave > waves).map(({ alias }) => alias);
  if (unreachable.length > 0)
    throw invalidFlagError(
      `${unreachable.join(', ')} would never be deployed to.`,
      `The pipeline has ${waves} waves, and these orgs are in a later one.`,
      'Add a wave to the pipeline (a job in main.yml), or change "wave" in the org file.',
    );
  const { include } = jobMatrix(orgs, perJob);
  return Array.from({ length: waves }, (_, index) => index + 1)
    .map((wave) => `wave_${wave}=${JSON.stringify({ include: include.filter((job) => job.wave === wave) })}`)
    .join('\n');
}

/** Prints the jobs of the selected orgs on one line; no org is contacted. */
export function runMatrix(context: Context<MatrixFlags>): ExitCode {
  const { flags, now, layout, print, printJson, log } = context;
  const selection = { orgs: flags.org, ...(flags.wave !== undefined && { wave: flags.wave }) };
  const { orgs, findings } = loadProject(flags.project, selection, now);
  const errors = findings.filter(({ severity }) => severity === 'error');
  const exitCode = hasError(findings) ? EXIT.invalid : EXIT.done;
  const configs = orgs.map(({ org }) => org);
  const matrix = jobMatrix(configs, flags.perJob);
  const lines = flags.waves === undefined ? JSON.stringify(matrix) : waveOutputs(configs, flags.perJob, flags.waves);
  const advice = recommendation(configs, flags.perJob, orgsPerMachine());
  if (advice !== undefined) log(advice);
  if (errors.length > 0) log(findingsText(layout, errors));
  else if (!flags.json) print(lines);
  printJson(serializeDocument({ command: 'plan', exitCode, findings, jobs: matrix }));
  return exitCode;
}

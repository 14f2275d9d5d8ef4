import { asToolError, ToolError, type ErrorCode } from '../errors';
import { RESUME_HINT, sfCommand } from '../model';
import { poll, type DeployReport, type Sf } from '../sf';
import { readDeployRequests } from './job-queue';

/** A submission without a response: its components, and the deploy jobs that the org listed before it. */
export interface UnconfirmedDeploy {
  /** Keys of the components; a deleted one has a minus in front. */
  readonly components: readonly string[];
  /** IDs of the deploy jobs that the org listed before; null if it doesn't list them. */
  readonly knownJobIds: readonly string[] | null;
  /** The latest time at which it was submitted. */
  readonly at: Date;
}

/** An unknown result is reported after this time without a report, in milliseconds. */
const MAX_SILENCE_MS = 10 * 60_000;

/** How long one CLI command follows a deploy job, in minutes. */
const FOLLOW_MINUTES = 10;

const REPORT_BACKOFF = { first: 1_000, max: 30_000 };
const FIND_BACKOFF = { first: 500, max: 10_000 };

/** Errors that a retry doesn't resolve. */
const FATAL_CODES: readonly ErrorCode[] = [
  'org-mismatch',
  'login-missing',
  'login-refused',
  'cli-bad-output',
  'interrupted',
];

/**
 * Follows a deploy job until it's done, without a limit on its duration. A failed request says nothing about the job, so it's
 * repeated. Throws `deploy-unknown` after 10 minutes without a report.
 */
export async function pollDeploy(sf: Sf, alias: string, id: string): Promise<DeployReport> {
  for (;;) {
    const report = await poll(
      () => sf.report(alias, id, FOLLOW_MINUTES).catch(asToolError),
      (result) => !(result instanceof ToolError) || FATAL_CODES.includes(result.code),
      MAX_SILENCE_MS,
      REPORT_BACKOFF,
    );
    if (report instanceof ToolError) throw jobUnknownError(alias, id, report);
    if (report.done) return report;
  }
}

const jobUnknownError = (alias: string, id: string, cause: ToolError): ToolError =>
  new ToolError(
    'deploy-unknown',
    {
      what: `The status of deploy job ${id} in "${alias}" is unknown.`,
      why: `It was submitted, but its result can't be read: ${cause.what}`,
      fix: `${RESUME_HINT} The resumed run waits for this job. To check it yourself: ${sfCommand('project', 'deploy', 'report', '--job-id', id, '--target-org', alias)}`,
    },
    { cause },
  );

/**
 * Finds the deploy job of a submission without a response, and follows it until it's done. Searches for `timeout` milliseconds
 * after the submission. Returns undefined if the org has no such job: the submission didn't arrive. A job counts as ours if the
 * org didn't list it before and it has exactly the same components, or failed before it processed any. The time of submission
 * can come from a machine whose clock is ahead, so the search ends `timeout` milliseconds from now at the latest.
 */
export async function findDeployJob(
  sf: Sf,
  alias: string,
  { components, knownJobIds, at }: UnconfirmedDeploy,
  timeout: number,
): Promise<DeployReport | undefined> {
  const otherJobIds = new Set(knownJobIds);
  const search = async (): Promise<DeployReport | undefined> => {
    const requests = knownJobIds === null ? [] : ((await readDeployRequests(sf, alias)) ?? []);
    for (const { id } of requests.filter((each) => !each.checkOnly && !otherJobIds.has(each.id)).reverse()) {
      const report = await pollDeploy(sf, alias, id);
      if (coversComponents(report, components)) return report;
      otherJobIds.add(id);
    }
    return undefined;
  };
  const elapsed = Math.max(0, Date.now() - at.getTime());
  return poll(search, (report) => report !== undefined, timeout - elapsed, FIND_BACKOFF);
}

/** Whether a job has exactly these components. Salesforce also reports the file of labels, and the object of fields. */
function coversComponents({ details }: DeployReport, components: readonly string[]): boolean {
  const lines = [...details.componentSuccesses, ...details.componentFailures];
  const submitted = new Set(components.map((key) => key.replace(/^-/, '')));
  const isContainer = ({ componentType, fullName }: (typeof lines)[number]): boolean =>
    componentType === 'CustomLabels' ||
    (componentType === 'CustomObject' && !submitted.has(`CustomObject:${fullName}`));
  const reported = new Set(
    lines
      .filter((line) => !isContainer(line))
      .flatMap(({ componentType: type, fullName }) => (type ? [`${type}:${fullName}`] : [])),
  );
  return reported.size === 0 || (reported.size === submitted.size && [...reported].every((key) => submitted.has(key)));
}

import { setTimeout as pause } from 'node:timers/promises';
import { asToolError, ToolError, type ErrorCode } from '../errors';
import { packagePath } from '../metadata';
import type { Component, ComponentMap } from '../model';
import { backoffMs, hadNoEffect, type DeployReport, type Sf } from '../sf';
import { findDeployJob, pollDeploy, RESUME_HINT } from './deploy-job';
import { DEFAULT_TIMEOUTS, waitUntilIdle, type Timeouts } from './job-queue';
import type { ReportStep } from './progress';

/** A package that is deployed to an org in one transaction. */
export interface DeployPayload {
  readonly alias: string;
  /** The files of the package by path. */
  readonly files: ReadonlyMap<string, string>;
  /** Keys of its components; a deleted one has a minus in front. */
  readonly components: readonly string[];
  readonly toDeploy: ComponentMap;
}

/** Facts about an org before a submission. */
export interface DeployContext {
  /** IDs of the deploy jobs that the org listed while none was running; null if it doesn't list them. Default: they are read. */
  readonly knownJobIds?: readonly string[] | null;
  readonly timeouts?: Timeouts;
}

/** A deploy job that fails on a row lock changed nothing, so it's submitted again: this often, after these pauses in milliseconds. */
const MAX_LOCK_RETRIES = 3;
const LOCK_BACKOFF = { first: 2_000, max: 30_000 };

/**
 * Deploys a payload and follows the deploy job until it's done. Throws `deploy-failed` if Salesforce rejected it (nothing was
 * changed), and `deploy-unknown` if its result can't be determined. A submission without a response is looked up in the org,
 * never repeated.
 */
export async function deployAndWait(
  sf: Sf,
  payload: DeployPayload,
  reportStep: ReportStep,
  context: DeployContext = {},
): Promise<void> {
  const { alias, toDeploy } = payload;
  const { timeouts = DEFAULT_TIMEOUTS } = context;
  let { knownJobIds } = context;
  for (let retries = 0; ; retries++) {
    const report = await submitAndWait(sf, payload, reportStep, timeouts, knownJobIds);
    if (report.success && report.status === 'Succeeded') return reportStep('deployed', report.id);
    reportStep('rejected', report.id);
    if (!failedOnRowLock(report) || retries >= MAX_LOCK_RETRIES) throw deployFailedError(alias, report, toDeploy);
    await pause(backoffMs(LOCK_BACKOFF, retries));
    // The rejected job must not be taken for the next one, so the job IDs are read again.
    knownJobIds = undefined;
  }
}

async function submitAndWait(
  sf: Sf,
  payload: DeployPayload,
  reportStep: ReportStep,
  timeouts: Timeouts,
  knownJobIds: DeployContext['knownJobIds'],
): Promise<DeployReport> {
  const { alias, components } = payload;
  const onWait = (why: string): void => reportStep('waiting', why);
  const known =
    knownJobIds !== undefined ? knownJobIds : (await waitUntilIdle(sf, alias, timeouts.lock, onWait)).knownJobIds;
  reportStep('deploying', components.join(', '), { known });
  const submitted = await sf.deploy(alias, payload.files).catch((thrown: unknown) => {
    const error = asToolError(thrown);
    if (isRejectedSubmit(error)) reportStep('not submitted');
    if (isRejectedSubmit(error) || known === null)
      throw isRejectedSubmit(error) ? error : deployUnknownError(alias, error);
    return error;
  });
  if (typeof submitted === 'string') {
    reportStep('submitted', submitted);
    return pollDeploy(sf, alias, submitted);
  }
  reportStep('looking up', submitted.why);
  const sent = { components, knownJobIds: known, at: new Date() };
  const report = await findDeployJob(sf, alias, sent, timeouts.submit).catch(() => undefined);
  if (!report) throw deployUnknownError(alias, submitted);
  reportStep('submitted', report.id);
  return report;
}

/** Errors after which nothing can have reached Salesforce. */
const NOT_SUBMITTED_CODES: readonly ErrorCode[] = ['login-missing', 'login-refused'];

/** The error name of a request that Salesforce rejected, such as `sf:INSUFFICIENT_ACCESS`. */
const SALESFORCE_ERROR_NAME = /^sf:|^(?!ERROR_HTTP)[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/;

/**
 * Whether a failed submission certainly changed nothing. The CLI submits before it updates its own records, so any error that
 * isn't a rejection can follow a successful submission.
 */
function isRejectedSubmit(error: ToolError): boolean {
  if (NOT_SUBMITTED_CODES.includes(error.code) || hadNoEffect(error)) return true;
  const { name } = (error.cause ?? {}) as { name?: unknown };
  return error.code === 'deploy-failed' && typeof name === 'string' && SALESFORCE_ERROR_NAME.test(name);
}

const ROW_LOCK = /UNABLE_TO_LOCK_ROW|unable to obtain exclusive access to this record/i;

/** Whether a deploy job failed only because of row locks. */
function failedOnRowLock({ errorStatusCode = '', errorMessage = '', details }: DeployReport): boolean {
  const problems = details.componentFailures.map(({ problem }) => problem);
  return (
    ROW_LOCK.test(`${errorStatusCode} ${errorMessage} ${problems.join(' ')}`) &&
    problems.every((each) => ROW_LOCK.test(each))
  );
}

/** The error for a failed deploy job, with each problem that Salesforce reports. */
function deployFailedError(alias: string, report: DeployReport, toDeploy: ComponentMap): ToolError {
  const problems = report.details.componentFailures.map(({ componentType, fullName, problem, lineNumber }) => {
    const component = (toDeploy as ReadonlyMap<string, Component>).get(`${componentType ?? ''}:${fullName}`);
    const path = component ? packagePath(component) : fullName;
    return `${path}${lineNumber ? `:${lineNumber}` : ''}: ${problem}`;
  });
  return new ToolError('deploy-failed', {
    what: `Salesforce rejected deploy job ${report.id} in "${alias}". The job changed nothing.`,
    why: problems.join(' | ') || (report.errorMessage ?? `Its status is ${report.status}.`),
    fix: 'Resolve the errors above, then deploy again.',
  });
}

const deployUnknownError = (alias: string, cause: ToolError): ToolError =>
  new ToolError(
    'deploy-unknown',
    {
      what: `The status of the deploy to "${alias}" is unknown.`,
      why: `It was submitted, but no job ID was returned, and the org lists no matching deploy job: ${cause.why}`,
      fix: `${RESUME_HINT} The resumed run looks for the deploy job again, reads the org, and deploys what is left.`,
    },
    { cause },
  );

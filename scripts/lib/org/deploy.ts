import { setTimeout as pause } from 'node:timers/promises';
import { asToolError, ToolError, type ErrorCode } from '../errors';
import { packagePath } from '../metadata';
import type { Component, ComponentMap } from '../model';
import { hadNoEffect, type DeployReport, type Sf } from '../sf';
import { pollDeploy } from './poll-deploy';
import { RESUME_HINT } from './errors';
import { DEFAULT_TIMEOUTS, type Timeouts } from './timeouts';
import type { ReportStep } from './progress';
import { waitUntilIdle } from './job-queue';
import { findDeployJob } from './find-job';

/** What is deployed to an org in one transaction. */
export interface DeployPayload {
  readonly alias: string;
  /** The package, by path. */
  readonly files: ReadonlyMap<string, string>;
  /** Keys of what is in it; a deleted one has a minus in front. */
  readonly components: readonly string[];
  readonly toDeploy: ComponentMap;
}

/** What is known of an org before something is sent to it. */
export interface DeployContext {
  /** Ids of its deployments, read while no other one ran; left out, they are read. */
  readonly knownJobIds?: readonly string[] | null;
  readonly timeouts?: Timeouts;
}

/** A row lock ends a deployment as a whole, so it may be sent anew: that often, after pauses in milliseconds that double. */
const MAX_LOCK_RETRIES = 3;
const LOCK_RETRY_PAUSE_MS = 2_000;

/**
 * Deploys a shipment once, and follows it to its end. Throws `deploy-failed` when Salesforce refused it, and then nothing of it
 * was applied; `deploy-unknown` when nobody can tell. A submission that got no answer is looked up in the org, never repeated.
 */
export async function deployAndWait(
  sf: Sf,
  payload: DeployPayload,
  reportStep: ReportStep,
  context: DeployContext = {},
): Promise<void> {
  const { alias, toDeploy } = payload;
  let knownJobIds = context.knownJobIds;
  for (let retries = 0; ; retries++) {
    const report = await submitAndWait(sf, payload, reportStep, {
      ...context,
      ...(knownJobIds !== undefined && { knownJobIds }),
    });
    if (report.success && report.status === 'Succeeded') return reportStep('deployed', report.id);
    reportStep('rejected', report.id);
    if (!failedOnRowLock(report) || retries >= MAX_LOCK_RETRIES) throw deployFailedError(alias, report, toDeploy);
    await pause(LOCK_RETRY_PAUSE_MS * 2 ** retries);
    knownJobIds = undefined;
  }
}

async function submitAndWait(
  sf: Sf,
  payload: DeployPayload,
  reportStep: ReportStep,
  context: DeployContext,
): Promise<DeployReport> {
  const { alias, components } = payload;
  const { timeouts = DEFAULT_TIMEOUTS } = context;
  const onWait = (why: string): void => reportStep('waiting', why);
  const known =
    context.knownJobIds !== undefined
      ? context.knownJobIds
      : (await waitUntilIdle(sf, alias, timeouts.lock, onWait)).knownJobIds;
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
  const sent = { components, knownJobIds: known ?? null, at: new Date() };
  const report = await findDeployJob(sf, alias, sent, timeouts.submit).catch(() => undefined);
  if (!report) throw deployUnknownError(alias, submitted);
  reportStep('submitted', report.id);
  return report;
}

/** Ways of failing in which nothing can have reached Salesforce. */
const NOT_SUBMITTED_CODES: readonly ErrorCode[] = ['login-missing', 'login-refused'];

/** Salesforce's own refusals come as the name of the error, e.g. `sf:INSUFFICIENT_ACCESS`. */
const SALESFORCE_ERROR_NAME = /^sf:|^(?!ERROR_HTTP)[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/;

/**
 * Whether a failed submission surely did nothing. The CLI submits first and keeps its own records after, so everything that
 * is not a refusal may have come after the deployment was taken.
 */
function isRejectedSubmit(error: ToolError): boolean {
  if (NOT_SUBMITTED_CODES.includes(error.code) || hadNoEffect(error)) return true;
  const { name } = (error.cause ?? {}) as { name?: unknown };
  return error.code === 'deploy-failed' && typeof name === 'string' && SALESFORCE_ERROR_NAME.test(name);
}

const ROW_LOCK = /UNABLE_TO_LOCK_ROW|unable to obtain exclusive access to this record/i;

/** Whether a deployment ended by a lock, and by nothing else. */
function failedOnRowLock({ errorStatusCode = '', errorMessage = '', details }: DeployReport): boolean {
  const problems = details.componentFailures.map(({ problem }) => problem);
  return (
    ROW_LOCK.test(`${errorStatusCode} ${errorMessage} ${problems.join(' ')}`) &&
    problems.every((each) => ROW_LOCK.test(each))
  );
}

/** What Salesforce says of a deployment that did not succeed, with every problem that it names. */
function deployFailedError(alias: string, report: DeployReport, bundle: ComponentMap): ToolError {
  const problems = report.details.componentFailures.map(({ componentType, fullName, problem, lineNumber }) => {
    const component = (bundle as ReadonlyMap<string, Component>).get(`${componentType ?? ''}:${fullName}`);
    const place = component ? packagePath(component) : fullName;
    return `${place}${lineNumber ? `:${lineNumber}` : ''}: ${problem}`;
  });
  return new ToolError('deploy-failed', {
    what: `Salesforce refused the deployment ${report.id} to "${alias}"; nothing of it was applied.`,
    why: problems.join(' | ') || (report.errorMessage ?? `It ended as ${report.status}.`),
    fix: 'Mend what Salesforce names and deploy again.',
  });
}

const deployUnknownError = (alias: string, cause: ToolError): ToolError =>
  new ToolError(
    'deploy-unknown',
    {
      what: `Whether Salesforce took the deployment to "${alias}" is not known.`,
      why: `It was sent, but its id did not come back, and it did not show up in the org: ${cause.why}`,
      fix: `${RESUME_HINT} That looks for the deployment once more, reads the org and sends only what is left.`,
    },
    { cause },
  );

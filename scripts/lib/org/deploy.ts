import { setTimeout as pause } from 'node:timers/promises';
import { asToolError, ToolError, type ErrorCode } from '../errors';
import { explainDeploy } from '../explain';
import { packagePath, writePackage } from '../metadata';
import {
  deploymentsToSetUp,
  isWebDeployment,
  keyOf,
  mapOf,
  RESUME_HINT,
  type Component,
  type ComponentKey,
  type ComponentMap,
  type DesiredState,
  type Plan,
} from '../model';
import { describeRetry, hadNoEffect, retryPause, type DeployReport, type Sf } from '../sf';
import { apexTestFindings, findingsReason } from './apex-tests';
import { assertOrgId } from './facts';
import { findDeployJob, pollDeploy } from './deploy-job';
import { findEarlierJob, orgBusyError, readNewJobs, type DeployRequest, type Timeouts } from './job-queue';
import { patchDeployments } from './patch-deployments';
import type { ReportStep } from './progress';

/** The plan of an org, and the deploy jobs whose effects it includes: the org listed them before it was read for this plan. */
export interface ReadPlan {
  readonly desired: DesiredState;
  readonly plan: Plan;
  /** IDs of the deploy jobs; null if the org doesn't list them. */
  readonly knownJobIds: readonly string[] | null;
}

/** How a plan is applied. */
export interface ApplyContext {
  readonly apiVersion: string;
  readonly reportStep: ReportStep;
  readonly timeouts: Timeouts;
  /**
   * Waits until no deploy job runs in the org, reads the org again, and plans it. Throws if the org isn't to be changed any more:
   * `plan-stale` if the new plan isn't the one that was confirmed.
   */
  readonly replan: () => Promise<ReadPlan>;
}

/**
 * Deploys the components of a plan in one transaction, and follows the deploy job until it's done. Returns the plan that was
 * deployed, with its job among the known ones. A deploy overwrites whole components, so nothing that takes time happens between
 * the read of a plan and its submission: before the same components are submitted again, the org is read and planned again.
 * Throws `deploy-failed` if Salesforce rejected the deploy (nothing was changed), and `deploy-unknown` if its result can't be
 * determined. A submission without a response is looked up in the org, never repeated. If the org rejects the update of Web chat
 * deployments because of their immutable site, the rest is deployed, and they are updated with the Tooling API.
 */
export async function deployPlan(sf: Sf, read: ReadPlan, context: ApplyContext): Promise<ReadPlan> {
  const startedAt = Date.now();
  const immutable = new Set<ComponentKey>();
  const failures: ToolError[] = [];
  let current = read;
  for (let retries = 0; ; retries++) {
    const plan = packagePlan(current.plan, immutable);
    if (plan.toDeploy.size + plan.toDelete.length === 0) break;
    const result = await submitAndWait(sf, { ...current, plan }, context);
    if (!(result instanceof ToolError)) {
      current = { ...current, knownJobIds: current.knownJobIds && [...current.knownJobIds, result] };
      break;
    }
    const rejected = immutableDeployments(result);
    const wait = rejected.length > 0 ? 0 : retryPause(result, 'once', { retries, startedAt });
    if (wait === undefined) throw gaveUpError(failures, result, Date.now() - startedAt, context.reportStep);
    if (rejected.length === 0) failures.push(result);
    rejected.forEach((key) => immutable.add(key));
    if (rejected.length === 0) context.reportStep('retrying', `after ${describeRetry(result, retries)}`);
    await pause(wait);
    current = await withoutNewJobs(sf, await context.replan(), context);
  }
  const patched = [...current.plan.toDeploy.values()].filter((component) => immutable.has(keyOf(component)));
  await patchDeployments(sf, current.plan, patched, context.reportStep);
  return current;
}

/** The error of the last attempt, with the number of attempts and all their deploy jobs. Also reports that the command gave up. */
function gaveUpError(
  earlier: readonly ToolError[],
  last: ToolError,
  elapsed: number,
  reportStep: ReportStep,
): ToolError {
  if (earlier.length === 0) return last;
  const attempts = `after ${earlier.length + 1} attempts in ${Math.round(elapsed / 1000)} s`;
  reportStep('gave up', attempts);
  const jobs = [...new Set([...earlier, last].flatMap(({ what }) => what.match(JOB_IDS) ?? []))];
  const why = `${last.why} The command gave up ${attempts}${jobs.length > 0 ? ` (deploy jobs ${jobs.join(', ')})` : ''}.`;
  const { code, what, fix, exit, cause, findings } = last;
  return new ToolError(code, { what, why, fix }, { exit, cause, findings });
}

const JOB_IDS = /\b0Af\w{12,15}\b/g;

/**
 * The part of a plan that a deploy job can apply: without the chat deployments that are set up, or updated with the Tooling API.
 */
function packagePlan(plan: Plan, immutable: ReadonlySet<ComponentKey>): Plan {
  const excluded = new Set([...deploymentsToSetUp(plan).map(keyOf), ...immutable]);
  return {
    ...plan,
    toDeploy: mapOf([...plan.toDeploy.values()].filter((component) => !excluded.has(keyOf(component)))),
  };
}

/**
 * A plan that rests on a read after every listed deploy job. Plans the org again while it lists a job that was submitted since it
 * was read, for up to the lock timeout; then throws `org-busy`. Throws `org-mismatch` if the login belongs to another org by now.
 */
export async function withoutNewJobs(sf: Sf, read: ReadPlan, context: ApplyContext): Promise<ReadPlan> {
  const { alias } = read.plan.org;
  const deadline = Date.now() + context.timeouts.lock;
  let current = read;
  for (;;) {
    const [[job]] = await Promise.all([readNewJobs(sf, alias, current.knownJobIds), assertOrgId(sf, current.plan.org)]);
    if (!job) return current;
    if (Date.now() > deadline) throw orgBusyError(alias, job);
    context.reportStep(
      'waiting',
      `to read the org again after deploy job ${job.id} by ${job.createdBy} (${job.status})`,
    );
    current = await context.replan();
  }
}

/** Submits a plan once. Returns the ID of its job, or the error if the org certainly changed nothing. */
async function submitAndWait(
  sf: Sf,
  { desired, plan, knownJobIds }: ReadPlan,
  { apiVersion, reportStep, timeouts }: ApplyContext,
): Promise<string | ToolError> {
  const { org, toDeploy, toDelete } = plan;
  const { alias } = org;
  const components = [...toDeploy.keys(), ...toDelete.map((key) => `-${key}`)];
  reportStep('deploying', components.join(', '), { known: knownJobIds });
  const submitted = await sf.deploy(alias, writePackage(toDeploy, apiVersion, toDelete), plan.tests).catch(asToolError);
  if (submitted instanceof ToolError && isRejectedSubmit(submitted)) {
    reportStep('not submitted');
    return submitted;
  }
  const { report, earlier } = await (typeof submitted === 'string'
    ? followJob(sf, alias, { id: submitted, knownJobIds }, reportStep)
    : findLostJob(sf, alias, { components, knownJobIds, error: submitted }, { reportStep, timeouts }));
  const isDeployed = report.success && report.status === 'Succeeded';
  reportStep(isDeployed ? 'deployed' : 'rejected', report.id);
  if (isDeployed && earlier) throw overtakenError(alias, report.id, earlier);
  if (isDeployed) return report.id;
  if (report.status !== 'Canceled') return deployFailedError(alias, report, plan, desired.components);
  return earlier ? canceledError(alias, report.id, earlier) : canceledByUserError(alias, report);
}

/** How a deploy job ended, and the job that the org may have run between the read of the org and this one. */
interface FollowedJob {
  readonly report: DeployReport;
  readonly earlier?: DeployRequest | undefined;
}

/**
 * Follows a submitted job. Salesforce has no conditional deploy: if another job was submitted since the last check, the org may
 * run it first, and ours would overwrite what it changes. Then ours is canceled.
 */
async function followJob(
  sf: Sf,
  alias: string,
  job: { readonly id: string; readonly knownJobIds: ReadPlan['knownJobIds'] },
  reportStep: ReportStep,
): Promise<FollowedJob> {
  reportStep('submitted', job.id);
  const earlier = await findEarlierJob(sf, alias, job).catch(() => undefined);
  // A job that can't be canceled has ended, and its report tells how.
  if (earlier) await sf.cancel(alias, job.id).catch(() => undefined);
  return { report: await pollDeploy(sf, alias, job.id), earlier };
}

/** A submission without a response. */
interface LostSubmission {
  readonly components: readonly string[];
  readonly knownJobIds: ReadPlan['knownJobIds'];
  readonly error: ToolError;
}

async function findLostJob(
  sf: Sf,
  alias: string,
  { components, knownJobIds, error }: LostSubmission,
  { reportStep, timeouts }: Pick<ApplyContext, 'reportStep' | 'timeouts'>,
): Promise<FollowedJob> {
  if (knownJobIds === null) throw deployUnknownError(alias, error);
  reportStep('looking up', error.why);
  const sent = { components, knownJobIds, at: new Date() };
  const report = await findDeployJob(sf, alias, sent, timeouts.submit).catch(() => undefined);
  if (!report) throw deployUnknownError(alias, error);
  reportStep('submitted', report.id);
  return { report };
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

/** The advice after the last retry. */
const ROW_LOCK_FIX = `Wait until other deploys, imports, and jobs in the org no longer lock the record. ${RESUME_HINT}`;

/** The cause of a deploy job that failed on row locks: it's retried as a request that fails on one. */
const ROW_LOCK_CAUSE = { name: 'UNABLE_TO_LOCK_ROW', message: '', cause: '' };

/** Whether a deploy job failed only because of row locks. */
function failedOnRowLock({ errorStatusCode = '', errorMessage = '', details }: DeployReport): boolean {
  const problems = details.componentFailures.map(({ problem }) => problem);
  return (
    ROW_LOCK.test(`${errorStatusCode} ${errorMessage} ${problems.join(' ')}`) &&
    problems.every((each) => ROW_LOCK.test(each))
  );
}

/** The cause of a deploy job that failed only because the site of Web chat deployments can't be updated. */
interface ImmutableSiteCause {
  readonly immutable: readonly ComponentKey[];
}

/** Salesforce's message isn't known. Sources call it an immutable-field error (sf-skills: service-helpagent-coordinate). */
const IMMUTABLE = /immutable|\bsite\b/i;

function immutableSiteCause(
  { details: { componentFailures } }: DeployReport,
  toDeploy: ComponentMap,
): ImmutableSiteCause | undefined {
  const failed = componentFailures.map(({ fullName, problem }) => {
    const component = toDeploy.get(`EmbeddedServiceConfig:${fullName}`);
    return component && isWebDeployment(component) && IMMUTABLE.test(problem) ? keyOf(component) : undefined;
  });
  const immutable = failed.filter((key) => key !== undefined);
  return immutable.length > 0 && immutable.length === failed.length ? { immutable } : undefined;
}

const immutableDeployments = ({ cause }: ToolError): readonly ComponentKey[] =>
  (cause as Partial<ImmutableSiteCause> | undefined)?.immutable ?? [];

/** The cause of a deploy job that failed only because components can't be deleted. */
interface UndeletableCause {
  readonly undeletable: readonly ComponentKey[];
}

function undeletableCause(
  { details: { componentFailures } }: DeployReport,
  toDelete: readonly ComponentKey[],
): UndeletableCause | undefined {
  const failed = componentFailures.map(({ componentType = '', fullName }) =>
    toDelete.find((key) => key === `${componentType}:${fullName}` || (!componentType && key.endsWith(`:${fullName}`))),
  );
  const undeletable = failed.filter((key) => key !== undefined);
  return undeletable.length > 0 && undeletable.length === failed.length ? { undeletable } : undefined;
}

/** The components that a deploy job failed to delete, if it failed for no other reason. */
export const undeletableComponents = ({ cause }: ToolError): readonly ComponentKey[] =>
  (cause as Partial<UndeletableCause> | undefined)?.undeletable ?? [];

/** The error for a failed deploy job, with each problem that Salesforce reports, and the advice for the known ones. */
function deployFailedError(
  alias: string,
  report: DeployReport,
  { toDeploy, toDelete }: Pick<Plan, 'toDeploy' | 'toDelete'>,
  desired: ComponentMap,
): ToolError {
  const problems = report.details.componentFailures.map(({ componentType, fullName, problem, lineNumber }) => {
    const component = (toDeploy as ReadonlyMap<string, Component>).get(`${componentType ?? ''}:${fullName}`);
    const path = component ? packagePath(component) : fullName;
    return `${path}${lineNumber ? `:${lineNumber}` : ''}: ${problem}`;
  });
  const findings = apexTestFindings(report, desired, alias);
  if (findings.length > 0) problems.push(findingsReason(findings));
  const reported = problems.join(' | ') || (report.errorMessage ?? `Its status is ${report.status}.`);
  const known = explainDeploy([reported, report.errorStatusCode ?? '']);
  const text = {
    what: `Salesforce rejected deploy job ${report.id} in "${alias}". The job changed nothing.`,
    why: known ? `${reported} ${known.cause}` : reported,
    fix: known?.fix ?? (failedOnRowLock(report) ? ROW_LOCK_FIX : `Resolve the errors above. ${RESUME_HINT}`),
  };
  return new ToolError('deploy-failed', text, {
    cause: failedOnRowLock(report)
      ? ROW_LOCK_CAUSE
      : (immutableSiteCause(report, toDeploy) ?? undeletableCause(report, toDelete)),
    findings,
  });
}

/** The error of a job that a user canceled in Setup or with the CLI. */
const canceledByUserError = (alias: string, { id, canceledByName }: DeployReport): ToolError =>
  new ToolError('deploy-failed', {
    what: `Deploy job ${id} in "${alias}" was canceled. It changed nothing.`,
    why: `${canceledByName ?? 'A user'} canceled it (Setup: Deployment Status, or the CLI).`,
    fix: `Ask why it was canceled. ${RESUME_HINT}`,
  });

/** The error of a canceled job. It's retried as a submission that Salesforce rejects because of a running job. */
const canceledError = (alias: string, id: string, other: DeployRequest): ToolError =>
  new ToolError(
    'org-busy',
    {
      what: `Deploy job ${id} in "${alias}" was canceled. It changed nothing.`,
      why: `Deploy job ${other.id} by ${other.createdBy} was submitted at the same time, after the org was read.`,
      fix: 'Wait until that job is done, then run the command again.',
    },
    { cause: { name: 'ALREADY_IN_PROCESS', message: '', cause: '' } },
  );

const overtakenError = (alias: string, id: string, other: DeployRequest): ToolError =>
  new ToolError('concurrent-deploy', {
    what: `Deploy job ${id} in "${alias}" may have overwritten changes of deploy job ${other.id} by ${other.createdBy}.`,
    why: 'Both were submitted at the same time, after the org was read, and the second one could not be canceled.',
    fix: `Check the changes of ${other.id} (Deployment Status in Setup). ${RESUME_HINT}`,
  });

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

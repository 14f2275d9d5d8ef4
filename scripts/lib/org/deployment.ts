import { setTimeout as pause } from 'node:timers/promises';
import { asToolError, ToolError, type ErrorCode } from '../errors';
import { packagePath } from '../metadata';
import type { Component, ComponentMap } from '../model';
import { isUndone, type DeployReport, type Sf } from '../sf';
import { follow } from './follow';
import { GO_ON } from './go-on';
import { PATIENCE, type Patience } from './patience';
import type { Progress } from './progress';
import { awaitFree } from './requests';
import { findSubmission } from './submission';

/** What is deployed to an org in one transaction. */
export interface Shipment {
  readonly alias: string;
  /** The package, by path. */
  readonly files: ReadonlyMap<string, string>;
  /** Keys of what is in it; a deleted one has a minus in front. */
  readonly components: readonly string[];
  readonly bundle: ComponentMap;
}

/** What is known of an org before something is sent to it. */
export interface Ground {
  /** Ids of its deployments, read while no other one ran; left out, they are read. */
  readonly known?: readonly string[] | null;
  readonly patience?: Patience;
}

/** A row lock ends a deployment as a whole, so it may be sent anew: that often, after pauses in milliseconds that double. */
const LOCKED_REPEATS = 3;
const LOCKED_PAUSE = 2_000;

/**
 * Deploys a shipment once, and follows it to its end. Throws `deploy-failed` when Salesforce refused it, and then nothing of it
 * was applied; `deploy-unknown` when nobody can tell. A submission that got no answer is looked up in the org, never repeated.
 */
export async function ship(sf: Sf, shipment: Shipment, progress: Progress, ground: Ground = {}): Promise<void> {
  const { alias, bundle } = shipment;
  let known = ground.known;
  for (let repeats = 0; ; repeats++) {
    const report = await shipOnce(sf, shipment, progress, { ...ground, ...(known !== undefined && { known }) });
    if (report.success && report.status === 'Succeeded') return progress('deployed', report.id);
    progress('refused', report.id);
    if (!isLocked(report) || repeats >= LOCKED_REPEATS) throw refused(alias, report, bundle);
    await pause(LOCKED_PAUSE * 2 ** repeats);
    known = undefined;
  }
}

async function shipOnce(sf: Sf, shipment: Shipment, progress: Progress, ground: Ground): Promise<DeployReport> {
  const { alias, components } = shipment;
  const { patience = PATIENCE } = ground;
  const wait = (why: string): void => progress('waiting', why);
  const known = ground.known !== undefined ? ground.known : (await awaitFree(sf, alias, patience.busy, wait)).known;
  progress('deploying', components.join(', '), { known });
  const answer = await sf.deploy(alias, shipment.files).catch((thrown: unknown) => {
    const error = asToolError(thrown);
    if (isRefused(error)) progress('not sent');
    if (isRefused(error) || known === null) throw isRefused(error) ? error : unanswered(alias, error);
    return error;
  });
  if (typeof answer === 'string') {
    progress('submitted', answer);
    return follow(sf, alias, answer);
  }
  progress('looking it up', answer.why);
  const sent = { components, known: known ?? null, at: new Date() };
  const report = await findSubmission(sf, alias, sent, patience.settle).catch(() => undefined);
  if (!report) throw unanswered(alias, answer);
  progress('submitted', report.id);
  return report;
}

/** Ways of failing in which nothing can have reached Salesforce. */
const NOT_SENT: readonly ErrorCode[] = ['login-missing', 'login-refused'];

/** Salesforce's own refusals come as the name of the error, e.g. `sf:INSUFFICIENT_ACCESS`. */
const REFUSAL = /^sf:|^(?!ERROR_HTTP)[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/;

/**
 * Whether a failed submission surely did nothing. The CLI submits first and keeps its own records after, so everything that
 * is not a refusal may have come after the deployment was taken.
 */
function isRefused(error: ToolError): boolean {
  if (NOT_SENT.includes(error.code) || isUndone(error)) return true;
  const { name } = (error.cause ?? {}) as { name?: unknown };
  return error.code === 'deploy-failed' && typeof name === 'string' && REFUSAL.test(name);
}

const LOCKED = /UNABLE_TO_LOCK_ROW|unable to obtain exclusive access to this record/i;

/** Whether a deployment ended by a lock, and by nothing else. */
function isLocked({ errorStatusCode = '', errorMessage = '', details }: DeployReport): boolean {
  const problems = details.componentFailures.map(({ problem }) => problem);
  return (
    LOCKED.test(`${errorStatusCode} ${errorMessage} ${problems.join(' ')}`) &&
    problems.every((each) => LOCKED.test(each))
  );
}

/** What Salesforce says of a deployment that did not succeed, with every problem that it names. */
function refused(alias: string, report: DeployReport, bundle: ComponentMap): ToolError {
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

const unanswered = (alias: string, cause: ToolError): ToolError =>
  new ToolError(
    'deploy-unknown',
    {
      what: `Whether Salesforce took the deployment to "${alias}" is not known.`,
      why: `It was sent, but its id did not come back, and it did not show up in the org: ${cause.why}`,
      fix: `${GO_ON} That looks for the deployment once more, reads the org and sends only what is left.`,
    },
    { cause },
  );

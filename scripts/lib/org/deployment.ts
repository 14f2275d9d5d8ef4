import { setTimeout as pause } from 'node:timers/promises';
import { ToolError, type ErrorCode } from '../errors';
import { packagePath } from '../metadata';
import type { Component, ComponentMap } from '../model';
import type { DeployReport, Sf } from '../sf';
import { writeFiles } from './files';

/** Longest time to follow a deployment, in milliseconds; Salesforce itself ends one after hours, not minutes. */
const PATIENCE = 60 * 60_000;

/** How long one command follows a deployment, in minutes. */
const WATCH = 10;

/** Pauses between looks that did not see the end, in milliseconds; they double. */
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 30_000;

/** Failures that another look does not mend. */
const HOPELESS: readonly ErrorCode[] = ['login-missing', 'login-refused', 'cli-answer', 'interrupted'];

/** Ways of failing in which nothing can have reached Salesforce. */
const NOT_SENT: readonly ErrorCode[] = ['login-missing', 'login-refused'];

/** Salesforce's own refusals come as the name of the error, e.g. `sf:INSUFFICIENT_ACCESS`. */
const REFUSAL = /^sf:|^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/;

/**
 * Whether a failed submission surely did nothing. The CLI submits first and keeps its own records after, so everything that
 * is not a refusal may have come after the deployment was taken.
 */
function isRefused({ code, cause }: ToolError): boolean {
  if (NOT_SENT.includes(code)) return true;
  const { name } = (cause ?? {}) as { name?: unknown };
  return code === 'deploy-failed' && typeof name === 'string' && REFUSAL.test(name);
}

/**
 * Submits the files of a package as one deployment. Returns its id. A submission that got no answer is not repeated, for it
 * may have arrived: its outcome is unknown.
 */
export async function submit(sf: Sf, alias: string, files: ReadonlyMap<string, string>): Promise<string> {
  const folder = sf.folder();
  writeFiles(folder, files);
  try {
    return await sf.deploy(alias, folder);
  } catch (thrown) {
    throw thrown instanceof ToolError && !isRefused(thrown) ? unanswered(alias, thrown) : thrown;
  }
}

const unanswered = (alias: string, cause: ToolError): ToolError =>
  new ToolError(
    'deploy-unknown',
    {
      what: `Whether Salesforce took the deployment to "${alias}" is not known.`,
      why: `It was sent, but its id did not come back: ${cause.why}`,
      fix: 'Look at Deployment Status in Setup, then run the deploy again: it reads the org and sends only what is left.',
    },
    { cause },
  );

/**
 * Follows a deployment to its end. A look that fails says nothing about the deployment, so it is taken again; only when
 * nothing is heard for the whole patience is the outcome unknown.
 */
export async function follow(sf: Sf, alias: string, id: string): Promise<DeployReport> {
  const start = Date.now();
  let failure: unknown;
  for (let looks = 0; Date.now() - start < PATIENCE; looks++) {
    const report = await sf.report(alias, id, WATCH).catch((thrown: unknown) => void (failure = thrown));
    if (report?.done) return report;
    if (failure instanceof ToolError && HOPELESS.includes(failure.code)) break;
    await pause(Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** looks));
  }
  throw unknown(alias, id, failure);
}

/** Throws when a deployment did not succeed, with every problem that Salesforce names. */
export function verifySuccess(alias: string, report: DeployReport, bundle: ComponentMap): void {
  if (report.success && report.status === 'Succeeded') return;
  const problems = report.details.componentFailures.map(({ componentType, fullName, problem, lineNumber }) => {
    const component = (bundle as ReadonlyMap<string, Component>).get(`${componentType ?? ''}:${fullName}`);
    const place = component ? packagePath(component) : fullName;
    return `${place}${lineNumber ? `:${lineNumber}` : ''}: ${problem}`;
  });
  throw new ToolError('deploy-failed', {
    what: `Salesforce refused the deployment ${report.id} to "${alias}"; nothing of it was applied.`,
    why: problems.join(' | ') || (report.errorMessage ?? `It ended as ${report.status}.`),
    fix: 'Mend what Salesforce names and deploy again.',
  });
}

const unknown = (alias: string, id: string, cause: unknown): ToolError =>
  new ToolError(
    'deploy-unknown',
    {
      what: `What became of the deployment ${id} to "${alias}" is not known.`,
      why: 'It was submitted, but its end could not be read.',
      fix: `Look at it with: sf project deploy report --job-id ${id} --target-org ${alias}. Then run the deploy again: it reads the org and sends only what is left.`,
    },
    { cause },
  );

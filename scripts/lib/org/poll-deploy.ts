import { setTimeout as pause } from 'node:timers/promises';
import { ToolError, type ErrorCode } from '../errors';
import type { DeployReport, Sf } from '../sf';
import { RESUME_HINT } from './errors';

/** Longest time to hear nothing of a deployment, in milliseconds. */
const MAX_SILENCE_MS = 10 * 60_000;

/** How long one command follows a deployment, in minutes. */
const FOLLOW_MINUTES = 10;

/** Pauses between looks that did not see the end, in milliseconds; they double. */
const MIN_PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 30_000;

/** Failures that another look does not mend. */
const FATAL_CODES: readonly ErrorCode[] = ['login-missing', 'login-refused', 'cli-bad-output', 'interrupted'];

/**
 * Follows a deployment to its end, however long that takes. A look that fails says nothing about the deployment, so it is
 * taken again; only when nothing was heard for ten minutes is the outcome unknown (`deploy-unknown`).
 */
export async function pollDeploy(sf: Sf, alias: string, id: string): Promise<DeployReport> {
  let lastReportAt = Date.now();
  for (let failures = 0; ;) {
    try {
      const report = await sf.report(alias, id, FOLLOW_MINUTES);
      if (report.done) return report;
      [lastReportAt, failures] = [Date.now(), 0];
    } catch (thrown) {
      const isFatal = thrown instanceof ToolError && FATAL_CODES.includes(thrown.code);
      if (isFatal || Date.now() - lastReportAt > MAX_SILENCE_MS) throw deployResultUnknownError(alias, id, thrown);
      await pause(Math.min(MAX_PAUSE_MS, MIN_PAUSE_MS * 2 ** failures++));
    }
  }
}

const deployResultUnknownError = (alias: string, id: string, cause: unknown): ToolError =>
  new ToolError(
    'deploy-unknown',
    {
      what: `What became of the deployment ${id} to "${alias}" is not known.`,
      why: 'It was submitted, but its end could not be read.',
      fix: `${RESUME_HINT} That waits for this deployment (to look yourself: sf project deploy report --job-id ${id} --target-org ${alias}) and sends only what is left.`,
    },
    { cause },
  );

import { setTimeout as pause } from 'node:timers/promises';
import { ToolError, type ErrorCode } from '../errors';
import type { DeployReport, Sf } from '../sf';
import { GO_ON } from './go-on';

/** Longest time to hear nothing of a deployment, in milliseconds. */
const SILENCE = 10 * 60_000;

/** How long one command follows a deployment, in minutes. */
const WATCH = 10;

/** Pauses between looks that did not see the end, in milliseconds; they double. */
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 30_000;

/** Failures that another look does not mend. */
const HOPELESS: readonly ErrorCode[] = ['login-missing', 'login-refused', 'cli-answer', 'interrupted'];

/**
 * Follows a deployment to its end, however long that takes. A look that fails says nothing about the deployment, so it is
 * taken again; only when nothing was heard for ten minutes is the outcome unknown (`deploy-unknown`).
 */
export async function follow(sf: Sf, alias: string, id: string): Promise<DeployReport> {
  let heard = Date.now();
  for (let failures = 0; ;) {
    try {
      const report = await sf.report(alias, id, WATCH);
      if (report.done) return report;
      [heard, failures] = [Date.now(), 0];
    } catch (thrown) {
      const hopeless = thrown instanceof ToolError && HOPELESS.includes(thrown.code);
      if (hopeless || Date.now() - heard > SILENCE) throw unknown(alias, id, thrown);
      await pause(Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** failures++));
    }
  }
}

const unknown = (alias: string, id: string, cause: unknown): ToolError =>
  new ToolError(
    'deploy-unknown',
    {
      what: `What became of the deployment ${id} to "${alias}" is not known.`,
      why: 'It was submitted, but its end could not be read.',
      fix: `${GO_ON} That waits for this deployment (to look yourself: sf project deploy report --job-id ${id} --target-org ${alias}) and sends only what is left.`,
    },
    { cause },
  );

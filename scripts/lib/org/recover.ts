import { asToolError, ToolError } from '../errors';
import type { Sf } from '../sf';
import { pollDeploy } from './poll-deploy';
import { RESUME_HINT } from './errors';
import { DEFAULT_TIMEOUTS, type Timeouts } from './timeouts';
import type { ReportStep } from './progress';
import { waitUntilIdle } from './job-queue';
import { findDeployJob, type UnconfirmedDeploy } from './find-job';

/** What an earlier run sent to an org without seeing the end of it. */
export interface PendingDeploy extends UnconfirmedDeploy {
  /** Its id, when that came back. */
  readonly id?: string;
  readonly settled: boolean;
}

/**
 * Finds out what became of a submission of an earlier run, and waits until nothing runs in the org: after that, reading the org
 * tells what is left to do. Throws `deploy-unknown` while nobody can tell.
 */
export async function recoverDeploy(
  sf: Sf,
  alias: string,
  pending: PendingDeploy | undefined,
  reportStep: ReportStep,
  timeouts: Timeouts = DEFAULT_TIMEOUTS,
): Promise<void> {
  if (pending && !pending.settled) {
    const report =
      pending.id === undefined
        ? await findPendingDeploy(sf, alias, pending, timeouts)
        : await pollDeploy(sf, alias, pending.id);
    if (report && pending.id === undefined) reportStep('submitted', report.id);
    if (report) reportStep(report.success ? 'deployed' : 'rejected', report.id);
    else reportStep('not submitted');
  }
  await waitUntilIdle(sf, alias, timeouts.lock, (why) => reportStep('waiting', why));
}

const findPendingDeploy = (
  sf: Sf,
  alias: string,
  pending: UnconfirmedDeploy,
  { submit: timeout }: Timeouts,
): ReturnType<typeof findDeployJob> =>
  findDeployJob(sf, alias, pending, timeout).catch((thrown: unknown) => {
    const cause = asToolError(thrown);
    throw new ToolError(
      'deploy-unknown',
      {
        what: `Whether Salesforce took the deployment to "${alias}" is still not known.`,
        why: `The org could not be asked: ${cause.what} ${cause.why}`,
        fix: `${cause.fix} ${RESUME_HINT}`,
      },
      { cause },
    );
  });
